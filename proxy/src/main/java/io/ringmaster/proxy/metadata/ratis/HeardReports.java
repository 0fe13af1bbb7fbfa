package io.ringmaster.proxy.metadata.ratis;

import io.ringmaster.cluster.quorum.Report;
import io.ringmaster.cluster.quorum.Reports;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What the coordinators have reported, by the log and beside it: what comes beside it is sooner
 * here, and costs the others nothing; where it is lost, their next heartbeats say the same. Safe
 * for all threads.
 */
final class HeardReports {

  private volatile Reports reports = Reports.NONE;

  Reports now() {
    return reports;
  }

  /** {@code report} is the last in the log, which remembers {@code remembered}. */
  synchronized void logged(Report report, List<Report> remembered) {
    reports = reports.heard(report, millis()).only(names(remembered));
  }

  /** A snapshot has taken the place of the log: each of them may have been sent just now. */
  synchronized void restored(List<Report> remembered) {
    Reports next = reports;
    for (Report report : remembered) {
      next = next.heard(report, millis());
    }
    reports = next.only(names(remembered));
  }

  /** Somebody tells this coordinator, which leads, what it would say with its next heartbeat. */
  synchronized void told(Report report) {
    reports = reports.told(report);
  }

  private static Collection<String> names(List<Report> reports) {
    return reports.stream().map(Report::by).collect(Collectors.toSet());
  }

  /** Of the clock that event loops have, too. */
  private static long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
