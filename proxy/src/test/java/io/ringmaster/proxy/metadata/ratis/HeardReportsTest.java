package io.ringmaster.proxy.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringmaster.cluster.quorum.Observations;
import io.ringmaster.cluster.quorum.Report;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeardReportsTest {

  private static final Observations FIRST = Observations.NONE.withDrained(Map.of("s1", 5L));
  private static final Observations SECOND = FIRST.withDrained(Map.of());
  private static final Report LOGGED = new Report("c1", "run", 4, 3000, FIRST);

  private final HeardReports reports = new HeardReports();

  private List<Report> all() {
    return reports.now().all().toList();
  }

  @Test
  void whatWasToldSinceCounts() {
    reports.logged(LOGGED, List.of(LOGGED));
    Report told = new Report("c1", "run", 6, 3000, SECOND);
    reports.told(told);
    assertThat(all()).containsExactly(told);
    reports.logged(LOGGED, List.of(LOGGED));
    assertThat(all()).containsExactly(told);
  }

  @Test
  void whomTheLogDoesNotKnowIsNotBelieved() {
    reports.told(LOGGED);
    assertThat(all()).isEmpty();
  }

  @Test
  void whomTheLogForgetsIsForgotten() {
    reports.logged(LOGGED, List.of(LOGGED));
    Report other = new Report("c2", "run", 4, 3000, FIRST);
    reports.logged(other, List.of(other));
    assertThat(all()).containsExactly(other);
  }

  @Test
  void aSnapshotTakesThePlaceOfTheLog() {
    reports.logged(LOGGED, List.of(LOGGED));
    Report other = new Report("c2", "run", 4, 3000, FIRST);
    reports.restored(List.of(other));
    assertThat(all()).containsExactly(other);
  }
}
