package io.ringmaster.proxy.metrics;

/** The counters of an event loop, each with the name under which Prometheus knows it. */
enum Counter {
  CLIENTS_ACCEPTED("clients.accepted", "Client connections accepted"),
  CLIENTS_REJECTED(
      "clients.rejected", "Client connections turned away: too many, or not from loopback"),
  CLIENTS_CLOSED("clients.closed", "Client connections closed"),
  CLIENTS_PAUSED(
      "clients.paused",
      "Times that a client's reading was stopped, as too much of it was in flight"),
  MEMORY_REFUSALS(
      "memory.refusals", "Requests and replies refused and clients closed, as memory was short"),
  BYTES_RECEIVED("bytes.received", "Bytes received from clients"),
  BYTES_REPLIED("bytes.replied", "Bytes of replies passed on to clients"),
  COMMANDS_READ("commands.read", "Commands that change nothing"),
  COMMANDS_WRITE("commands.write", "Commands that may change something"),
  ERRORS_FROM_SERVERS("errors.from.servers", "Error replies of servers, passed on"),
  ERRORS_UNCERTAIN(
      "errors.uncertain", "Commands of which it is not known whether they were executed"),
  ERRORS_UNAVAILABLE("errors.unavailable", "Commands that got no reply and changed nothing"),
  ERRORS_OWN("errors.own", "Other errors that this proxy answered itself"),
  BARRIERS_BEGUN("barriers.begun", "Barriers begun"),
  BARRIERS_COMMITTED("barriers.committed", "Barriers that enough nodes hold"),
  BARRIERS_SHORT(
      "barriers.short", "Barriers for which too few replicas had answered in time, tried again"),
  HISTORIES_LOST(
      "histories.lost", "Times that a leader was found to have lost writes it had told of"),
  REPLIES_UNLEASED("replies.unleased", "Replies held for a barrier, as the lease was not held"),
  WRITES_COMMITTED("writes.committed", "Replies passed on after their barrier"),
  WRITES_REVOKED("writes.revoked", "Replies that ended as unknown, as no barrier held them"),
  BACKENDS_OPENED("backend.connections.opened", "Connections to servers opened"),
  BACKENDS_LOST("backend.connections.lost", "Connections to servers lost"),
  FAULTS(
      "faults",
      "Requests, replies and tasks that failed by a fault or for want of memory of this process");

  private final String metric;
  private final String help;

  Counter(String metric, String help) {
    this.metric = "ringmaster." + metric;
    this.help = help;
  }

  String metric() {
    return metric;
  }

  String help() {
    return help;
  }
}
