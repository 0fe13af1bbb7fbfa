package io.ringmaster.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What this module may depend on. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.ringmaster.protocol");

  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.OnlyIncludeTests())
          .importPackages("io.ringmaster.protocol");

  @Test
  void seesTheClassesOfThisModule() {
    assertThat(CLASSES.contain(KeySlot.class)).isTrue();
  }

  @Test
  void dependsOnNoOtherModule() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.ringmaster.cluster..", "io.ringmaster.proxy..")
        .check(CLASSES);
  }

  @Test
  void keepsNettyInTheCodec() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.ringmaster.protocol.codec..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..")
        .check(CLASSES);
  }

  @Test
  void knowsNoSockets() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "java.nio.channels..", "io.netty.channel..")
        .check(CLASSES);
  }

  @Test
  void hasNoPackageCycles() {
    slices().matching("io.ringmaster.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void testsHaveNoPackageCyclesAmongThemselves() {
    slices().matching("io.ringmaster.(**)").should().beFreeOfCycles().check(TESTS);
  }
}
