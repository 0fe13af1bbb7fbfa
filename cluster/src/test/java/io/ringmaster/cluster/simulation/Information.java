package io.ringmaster.cluster.simulation;

/** What a server answers to {@code INFO}. */
final class Information {

  private Information() {}

  static String of(SimulatedServer server, String section) {
    return switch (section) {
      case "server" -> "run_id:" + server.runId();
      case "persistence" ->
          "loading:"
              + (server.isLoading() ? 1 : 0)
              + "\r\naof_enabled:"
              + (server.admin().setting("appendonly").equals("yes") ? 1 : 0)
              + "\r\naof_last_write_status:ok\r\naof_last_bgrewrite_status:ok"
              + "\r\naof_rewrite_scheduled:0\r\naof_rewrite_in_progress:"
              + (server.isRewriting() ? 1 : 0)
              + "\r\n";
      default -> replication(server);
    };
  }

  private static String replication(SimulatedServer server) {
    Upstream upstream = server.upstream();
    return "role:"
        + (upstream == null ? "master" : "slave")
        + "\r\n"
        + (upstream == null ? "" : upstream.information())
        + "master_replid:"
        + server.history().id()
        + "\r\n"
        + server.followers().information()
        + "master_repl_offset:"
        + server.history().offset()
        + "\r\n";
  }
}
