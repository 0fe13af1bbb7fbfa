package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.puppycrawl.tools.checkstyle.Checker;
import com.puppycrawl.tools.checkstyle.ConfigurationLoader;
import com.puppycrawl.tools.checkstyle.DefaultConfiguration;
import com.puppycrawl.tools.checkstyle.PropertiesExpander;
import com.puppycrawl.tools.checkstyle.api.CheckstyleException;
import com.puppycrawl.tools.checkstyle.api.Configuration;
import com.puppycrawl.tools.checkstyle.api.Filter;
import com.puppycrawl.tools.checkstyle.filters.SuppressFilterElement;
import com.puppycrawl.tools.checkstyle.filters.SuppressionsLoader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The build enforces the size rule; here the list of its exceptions is kept short. */
class SizeExceptionsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path EXCEPTIONS = ROOT.resolve("checkstyle-exceptions.xml");

  private static final Pattern EXCEPTION =
      Pattern.compile("<suppress checks=\"(.+?)\" files=\"(.+?)\"( message=\"(.+?)\")?/>");

  @Test
  void eachIsStillNeeded() throws CheckstyleException, IOException {
    Map<String, Filter> idle = exceptions();
    Checker checker = checker();
    checker.addFilter(
        event -> {
          idle.values().removeIf(exception -> !exception.accept(event));
          return true;
        });
    checker.process(sources());
    checker.destroy();
    assertThat(idle.keySet()).isEmpty();
  }

  private static Map<String, Filter> exceptions() throws CheckstyleException, IOException {
    Map<String, Filter> exceptions = new TreeMap<>();
    Matcher found = EXCEPTION.matcher(Files.readString(EXCEPTIONS));
    while (found.find()) {
      exceptions.put(
          found.group(),
          new SuppressFilterElement(
              found.group(2), found.group(1), found.group(4), null, null, null));
    }
    assertThat(exceptions)
        .hasSameSizeAs(SuppressionsLoader.loadSuppressions(EXCEPTIONS.toString()).getFilters());
    return exceptions;
  }

  private static Checker checker() throws CheckstyleException {
    Properties properties = new Properties();
    properties.setProperty("exceptions", EXCEPTIONS.toString());
    DefaultConfiguration rules =
        (DefaultConfiguration)
            ConfigurationLoader.loadConfiguration(
                ROOT.resolve("checkstyle.xml").toString(), new PropertiesExpander(properties));
    for (Configuration module : rules.getChildren()) {
      if (module.getName().equals("SuppressionFilter")) {
        rules.removeChild(module);
      }
    }
    Checker checker = new Checker();
    checker.setModuleClassLoader(Checker.class.getClassLoader());
    checker.configure(rules);
    return checker;
  }

  /** Returns the files that the list names, which are few. */
  private static List<File> sources() throws IOException {
    String named = Files.readString(EXCEPTIONS);
    List<File> sources = new ArrayList<>();
    for (String module : List.of("protocol", "cluster", "proxy", "integration-tests")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
        files
            .filter(file -> named.contains(file.getFileName().toString().replace(".", "\\.")))
            .filter(Files::isRegularFile)
            .map(Path::toFile)
            .forEach(sources::add);
      }
    }
    return sources;
  }
}
