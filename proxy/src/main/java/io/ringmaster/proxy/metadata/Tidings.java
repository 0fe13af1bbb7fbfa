package io.ringmaster.proxy.metadata;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What coordinators have told this one beside the log, while it led. It is sooner here than there,
 * and costs the others nothing; where it is lost, their next heartbeats say the same. Safe for all
 * threads.
 */
final class Tidings {

  private final Map<String, Acknowledgement> told = new ConcurrentHashMap<>();

  void hear(Heartbeat heartbeat) {
    if (told.size() >= MetadataState.COORDINATORS) {
      told.clear();
    }
    told.merge(heartbeat.by(), Acknowledgement.of(heartbeat), Acknowledgement::then);
  }

  /** With what the processes that have said what is {@code logged} have told since. */
  List<Acknowledgement> after(List<Acknowledgement> logged) {
    return logged.stream().map(this::after).toList();
  }

  private Acknowledgement after(Acknowledgement logged) {
    Acknowledgement heard = told.get(logged.by());
    return heard != null && heard.instance().equals(logged.instance())
        ? logged.then(heard)
        : logged;
  }
}
