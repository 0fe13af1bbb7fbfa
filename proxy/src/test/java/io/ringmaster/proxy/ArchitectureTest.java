package io.ringmaster.proxy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The directions in which packages know each other, here and in the modules below. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.ringmaster");

  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.OnlyIncludeTests())
          .importPackages("io.ringmaster.proxy");

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
    slices().matching("io.ringmaster.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void testsHaveNoPackageCyclesAmongThemselves() {
    slices().matching("io.ringmaster.(**)").should().beFreeOfCycles().check(TESTS);
  }

  @Test
  void theDataPathKnowsNothingOfTheControlPlane() {
    rooms("loop", "frontend", "backend", "dispatch")
        .knowNone("adoption..", "admin..", "health..", "http..", "local..", "metadata..", "verify");
  }

  @Test
  void clientsAndServersMeetInDispatch() {
    rooms("loop").knowNone("frontend", "backend", "dispatch");
    rooms("frontend").knowNone("backend", "dispatch");
    rooms("backend").knowNone("frontend", "dispatch");
  }

  @Test
  void whatWatchesServersOrKeepsTheTopologyKnowsNothingOfRequests() {
    rooms("health", "verify", "adoption", "metadata..")
        .knowNone("frontend", "backend", "dispatch", "local", "admin", "http");
  }

  @Test
  void thoseWhoAnswerWithoutAShardDoNotKnowEachOther() {
    rooms("local").knowNone("admin", "http", "metadata..");
    rooms("admin").knowNone("local", "http");
    rooms("http").knowNone("local", "admin", "metadata..");
  }

  @Test
  void theLogOfTheConfigGroupKnowsNoOtherRoom() {
    noClasses()
        .that()
        .resideInAPackage("io.ringmaster.proxy.metadata.log")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.ringmaster.proxy..")
                .and(resideOutsideOfPackage("io.ringmaster.proxy.metadata.log")))
        .check(CLASSES);
  }

  @Test
  void onlyTheStartKnowsWhoKeepsTheLogAndWhoCounts() {
    nobodyKnows("io.ringmaster.proxy.metadata.ratis", "", "metadata.ratis");
    nobodyKnows("io.ringmaster.proxy.metrics", "", "metrics");
  }

  @Test
  void librariesStayInTheRoomsThatWrapThem() {
    nobodyKnows("org.apache.ratis..", "metadata.ratis");
    nobodyKnows("io.micrometer..", "metrics");
    nobodyKnows("io.lettuce..", "adoption", "health", "verify");
  }

  private static Rooms rooms(String... names) {
    return others ->
        noClasses()
            .that()
            .resideInAnyPackage(packages(names))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(packages(others))
            .check(CLASSES);
  }

  private interface Rooms {
    void knowNone(String... others);
  }

  private static void nobodyKnows(String what, String... butRooms) {
    noClasses()
        .that()
        .resideInAPackage("io.ringmaster..")
        .and()
        .resideOutsideOfPackages(packages(butRooms))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(what)
        .check(CLASSES);
  }

  /** Of rooms of this module; the empty name is that of the start-up code. */
  private static String[] packages(String... rooms) {
    return Stream.of(rooms)
        .map(room -> room.isEmpty() ? "io.ringmaster.proxy" : "io.ringmaster.proxy." + room)
        .toArray(String[]::new);
  }
}
