import java.io.File;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Holds PDF files against PDF/UA-1 with veraPDF: 'OK', the number of checks and the file, or 'FAULT' with what fails.
 *
 * <p>The veraPDF at hand has its rules with it, but not the library that reads them: so they are read here.
 */
public class Check {
    private static final String RULES = "/org/verapdf/pdfa/validation/PDFUA-1.xml";

    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        ValidationProfile profile = profile();
        for (String name : files) {
            try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(name), PDFAFlavour.PDFUA_1)) {
                ValidationResult found = Foundries.defaultInstance().createValidator(profile, false).validate(parser);
                System.out.println((found.isCompliant() ? "OK" : "FAULT") + "\t" + found.getTotalAssertions() + "\t" + name);
                for (TestAssertion one : found.getTestAssertions()) {
                    System.out.println("\t" + one.getRuleId().getClause() + " " + one.getMessage());
                }
            }
        }
    }

    private static ValidationProfile profile() throws Exception {
        Document source =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(Check.class.getResourceAsStream(RULES));
        Set<Rule> rules = new LinkedHashSet<>();
        NodeList found = source.getElementsByTagName("rule");
        for (int k = 0; k < found.getLength(); k++) {
            rules.add(rule((Element) found.item(k)));
        }
        Set<Variable> variables = new LinkedHashSet<>();
        found = source.getElementsByTagName("variable");
        for (int k = 0; k < found.getLength(); k++) {
            Element one = (Element) found.item(k);
            variables.add(
                    Profiles.variableFromValues(
                            one.getAttribute("name"), one.getAttribute("object"), text(one, "defaultValue"), text(one, "value")));
        }
        if (rules.size() < 100) {
            throw new IllegalStateException("too few rules: " + rules.size());
        }
        return Profiles.profileFromValues(
                PDFAFlavour.PDFUA_1, Profiles.profileDetailsFromValues("PDF/UA-1", "", "", new Date(0)), "", rules, variables);
    }

    private static Rule rule(Element one) {
        Element id = (Element) one.getElementsByTagName("id").item(0);
        Boolean deferred = one.hasAttribute("deferred") ? Boolean.valueOf(one.getAttribute("deferred")) : null;
        return Profiles.ruleFromValues(
                Profiles.ruleIdFromValues(
                        PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
                        id.getAttribute("clause"),
                        Integer.parseInt(id.getAttribute("testNumber"))),
                one.getAttribute("object"),
                deferred,
                one.getAttribute("tags"),
                text(one, "description"),
                text(one, "test"),
                Profiles.errorFromValues(text(one, "message"), Collections.emptyList()),
                Collections.emptyList());
    }

    private static String text(Element of, String name) {
        NodeList found = of.getElementsByTagName(name);
        return found.getLength() > 0 ? found.item(0).getTextContent() : "";
    }
}
