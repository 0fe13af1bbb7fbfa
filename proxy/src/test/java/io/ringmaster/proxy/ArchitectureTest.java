package io.ringmaster.proxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What this module, and those below it, may depend on. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.ringmaster");

  @Test
  void lowerModulesDoNotKnowThisOne() {
    noClasses()
        .that()
        .resideInAnyPackage("io.ringmaster.protocol..", "io.ringmaster.cluster..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.ringmaster.proxy..")
        .check(CLASSES);
  }

  @Test
  void leavesPlacementToTheTopology() {
    noClasses()
        .that()
        .resideInAPackage("io.ringmaster.proxy..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.ringmaster.cluster.ring.Placement")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void hasNoPackageCycles() {
    slices()
        .matching("io.ringmaster.(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }
}
