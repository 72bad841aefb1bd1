// Filters the list of the search page by what is typed. Without this script the list is whole.
(() => {
  const list = document.getElementById('lijst'), box = document.getElementById('zoekvak');
  if (!list || !box) return;
  const plain = (t) => t.toLowerCase().normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[’‘'-]/g, ' ');
  const stem = (w) => w.length > 4 ? w.replace(/(en|s|e)$/, '').replace(/([^aeiou])\1$/, '$1') : w;
  const items = [...list.querySelectorAll('li[data-w]')].map((li) => [li, plain(li.textContent + ' ' + li.dataset.w)]);
  const groups = [...list.querySelectorAll('section')];
  const input = box.querySelector('input'), told = document.getElementById('gevonden'), letters = document.getElementById('letters');
  const show = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean).map(stem);
    let count = 0;
    for (const [li, text] of items) {
      const fits = words.every((w) => text.includes(w));
      li.hidden = !fits;
      count += fits;
    }
    for (const g of groups) g.hidden = !g.querySelector('li[data-w]:not([hidden])');
    letters.hidden = words.length > 0;
    told.textContent = !words.length ? '' : count ? `${count} ${count === 1 ? 'resultaat' : 'resultaten'}` : 'Niets gevonden. Probeer een ander of een korter woord.';
  };
  box.hidden = false;
  input.value = new URLSearchParams(location.search).get('zoek') || '';
  input.addEventListener('input', show);
  box.addEventListener('submit', (e) => e.preventDefault());
  show();
})();
