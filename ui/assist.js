// What Streamlit leaves out for people who hear or tab through a page: language, landmarks, names in Dutch.
// It draws parts again and again, so this looks again after every change; it only writes what differs.
{
  const set = (e, name, value) => { if (e.getAttribute(name) !== value) e.setAttribute(name, value); };
  const all = (where, act) => document.querySelectorAll(where).forEach(act);

  // Header and footer stand inside what Streamlit makes the main part; a landmark of their own, beside it, owns them.
  const landmark = (id, role, name, owned, before) => {
    let made = document.getElementById(id);
    if (!made) {
      made = document.createElement('div');
      made.id = id;
      made.setAttribute('role', role);
      made.setAttribute('aria-label', name);
      document.body.insertBefore(made, before);
    }
    set(made, 'aria-owns', owned);
  };

  const texts = [
    [/^Open$/, () => 'Toon de keuzes'], [/^Close$/, () => 'Sluit'],
    [/^Help for (.*)$/, m => `Uitleg bij ${m[1]}`], [/^Remove (.*)$/, m => `Haal ${m[1]} weg`],
    [/^Clear (all|value)$/, () => 'Maak leeg'], [/^Selected values$/, () => 'Gekozen'],
    [/^(Close|Exit) fullscreen.*$/i, () => 'Kleiner'], [/^Fullscreen(: )?(.*)$/, m => `Groter${m[1] || ''}${m[2]}`],
    [/^Notifications$/, () => 'Meldingen'], [/^Choose date/, () => 'Kies een datum'],
  ];
  const dutch = e => {
    const said = e.getAttribute('aria-label');
    for (const [pattern, name] of texts) {
      const found = said.match(pattern);
      if (found) { e.setAttribute('aria-label', name(found)); return; }
    }
  };

  const dress = () => {
    set(document.documentElement, 'lang', 'nl');
    all('[data-testid=stSkipToContent]', e => {
      if (e.textContent !== 'Naar de inhoud') e.textContent = 'Naar de inhoud';
      set(e, 'href', '#inhoud');
    });
    all('.st-key-kop', e => set(e, 'id', 'kop'));
    all('footer.foot', e => { set(e, 'id', 'voet'); set(e, 'role', 'group'); });
    all('.st-key-inhoud', e => { set(e, 'id', 'inhoud'); set(e, 'tabindex', '-1'); });
    all('.st-key-hoofdmenu', e => { set(e, 'role', 'navigation'); set(e, 'aria-label', 'Hoofdmenu'); });
    all('.st-key-subkop', e => {
      set(e, 'id', 'subkop');
      set(e, 'role', 'navigation');
      const group = document.querySelector('.st-key-nav-actief a');
      set(e, 'aria-label', `Pagina’s bij ${group ? group.innerText.trim() : 'dit onderdeel'}`);
    });
    all('.st-key-kop [data-testid=stPageLink] a, .st-key-subkop [data-testid=stPageLink] a', e => {
      const own = e.closest('.st-key-sub-actief') ? 'page' : e.closest('.st-key-nav-actief')
        ? (document.querySelector('.st-key-sub-actief') ? 'true' : 'page') : '';
      if (own) set(e, 'aria-current', own); else if (e.hasAttribute('aria-current')) e.removeAttribute('aria-current');
    });
    all('[aria-label]', dutch);
    // A name is only heard on what has a role.
    all('[data-testid=stMultiSelect] span[data-tag]', e => set(e, 'role', 'group'));
    all('[data-testid=stFileUploaderDropzone]', e => set(e, 'role', 'group'));
    all('[data-testid=stFileUploaderDropzone] > span button', e => set(e, 'aria-label', 'Kies een bestand'));
    all('[data-testid=stToast]', e => { set(e, 'aria-label', 'Melding'); e.removeAttribute('aria-labelledby'); });
    // What opens over a page hangs outside its landmarks.
    all('[data-testid$=VirtualDropdown]', e => { set(e, 'role', 'region'); set(e, 'aria-label', 'Keuzelijst'); });
    all('#portal, #stFloatingOverlayPortal', e => {
      if (e.childElementCount) { set(e, 'role', 'region'); set(e, 'aria-label', e.id === 'portal' ? 'Boven de pagina' : 'Bij de pagina'); }
      else e.removeAttribute('role');
    });
    const top = ['kop', 'subkop'].filter(id => document.getElementById(id)).join(' ');
    if (top) landmark('deel-kop', 'banner', 'Kop van de pagina', top, document.body.firstChild);
    if (document.getElementById('voet')) landmark('deel-voet', 'contentinfo', 'Bronnen en editie', 'voet', null);
  };

  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => { waiting = false; dress(); }, 60);
  };
  dress();
  if (!window.assisted) {
    window.assisted = new MutationObserver(soon);
    window.assisted.observe(document.body, {subtree: true, childList: true, attributeFilter: ['aria-label', 'class']});
    // Streamlit's own link goes to the start of the main part, which is the header again.
    document.addEventListener('click', event => {
      if (!event.target.closest || !event.target.closest('[data-testid=stSkipToContent]')) return;
      const there = document.getElementById('inhoud');
      if (!there) return;
      event.preventDefault();
      event.stopPropagation();
      there.focus();
      there.scrollIntoView();
    }, true);
  }
}
