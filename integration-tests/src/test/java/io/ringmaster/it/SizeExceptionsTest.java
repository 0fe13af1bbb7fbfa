package io.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.puppycrawl.tools.checkstyle.Checker;
import com.puppycrawl.tools.checkstyle.ConfigurationLoader;
import com.puppycrawl.tools.checkstyle.DefaultConfiguration;
import com.puppycrawl.tools.checkstyle.PropertiesExpander;
import com.puppycrawl.tools.checkstyle.api.CheckstyleException;
import com.puppycrawl.tools.checkstyle.api.Configuration;
import com.puppycrawl.tools.checkstyle.api.Filter;
import com.puppycrawl.tools.checkstyle.filters.SuppressionsLoader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The build enforces the size rule; here the list of its exceptions is kept short. */
class SizeExceptionsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path EXCEPTIONS = ROOT.resolve("checkstyle-exceptions.xml");

  @Test
  void eachIsStillNeeded() throws CheckstyleException, IOException {
    Set<Filter> idle =
        new HashSet<>(SuppressionsLoader.loadSuppressions(EXCEPTIONS.toString()).getFilters());
    assertThat(idle).isNotEmpty();
    Checker checker = checker();
    checker.addFilter(
        event -> {
          idle.removeIf(exception -> !exception.accept(event));
          return true;
        });
    checker.process(sources());
    checker.destroy();
    assertThat(idle).isEmpty();
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

  private static List<File> sources() throws IOException {
    List<File> sources = new ArrayList<>();
    for (String module : List.of("protocol", "cluster", "proxy", "integration-tests")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
        files.filter(Files::isRegularFile).map(Path::toFile).forEach(sources::add);
      }
    }
    return sources;
  }
}
