package io.ringmaster.cluster;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.ringmaster.cluster.topology.Topology;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * This module decides and does nothing else: no network, threads, clocks, randomness or files. What
 * it needs of them is handed in, which is what makes it run under simulation.
 */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.ringmaster.cluster");

  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.OnlyIncludeTests())
          .importPackages("io.ringmaster.cluster");

  @Test
  void seesTheClassesOfThisModule() {
    assertThat(CLASSES.contain(Topology.class)).isTrue();
  }

  @Test
  void dependsOnlyOnTheValuesOfTheProtocol() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.ringmaster.proxy..", "io.ringmaster.protocol.codec..")
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

  @Test
  void ringDoesNotKnowTheTopology() {
    noClasses()
        .that()
        .resideInAPackage("..cluster.ring..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..cluster.topology..")
        .check(CLASSES);
  }

  @Test
  void whatAHostProvidesIsToldInTheWordsOfTheTopologyOnly() {
    noClasses()
        .that()
        .resideInAPackage("..cluster.spi..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.ringmaster.cluster..")
                .and(resideOutsideOfPackages("..cluster.spi..", "..cluster.topology..")))
        .check(CLASSES);
  }

  @Test
  void knowsNoNetworkAndNoFiles() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..", "java.net..", "java.nio.channels..", "java.nio.file..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.io\\.(File|RandomAccessFile|Console).*")
        .check(CLASSES);
  }

  @Test
  void hasNoThreadsAndNoLocks() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.concurrent..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.lang\\.(Thread|Process).*|java\\.lang\\.Runtime|java\\.util\\.Timer.*")
        .check(CLASSES);
  }

  @Test
  void readsNoClock() {
    noClasses()
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .accessTargetWhere(
            targetOwner(resideInAPackage("java.time.."))
                .and(target(nameMatching("now|system.*|tick.*"))))
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.Date")
        .check(CLASSES);
  }

  @Test
  void drawsNoRandomNumbers() {
    List<Class<?>> sources = List.of(Random.class, ThreadLocalRandom.class, SecureRandom.class);
    for (Class<?> source : sources) {
      noClasses().should().dependOnClassesThat().areAssignableTo(source).check(CLASSES);
    }
    noClasses()
        .should()
        .callMethod(Math.class, "random")
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.util.random..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.util\\.(SplittableRandom|UUID)")
        .check(CLASSES);
  }
}
