package io.ringmaster.it;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The directions in which the packages of this module know each other. */
class ArchitectureTest {

  @Test
  void hasNoPackageCycles() {
    slices()
        .matching("io.ringmaster.(**)")
        .should()
        .beFreeOfCycles()
        .check(new ClassFileImporter().importPackages("io.ringmaster.it"));
  }
}
