package io.ringmaster.cluster.control;

import io.ringmaster.cluster.spi.AdminLink;
import io.ringmaster.cluster.spi.AdminLinks;
import io.ringmaster.cluster.spi.BackendFailure;
import io.ringmaster.cluster.spi.ReplyCallback;
import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.protocol.Reply;
import io.ringmaster.protocol.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Servers that let themselves be cut off, and say how far they are. */
final class FakeServers implements AdminLinks {

  /** What a server answers: its run, and its marker. */
  record State(String run, String epoch, String number) {

    String marker() {
      return (epoch.isEmpty() ? "0" : epoch) + " " + (number.isEmpty() ? "0" : number);
    }
  }

  private record Text(byte type, String text, List<Reply> elements) implements Reply {

    static Text of(String text) {
      return new Text((byte) '$', text, List.of());
    }

    static Text list(String... texts) {
      return new Text((byte) '*', "", List.of(texts).stream().<Reply>map(Text::of).toList());
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public String firstLine() {
      return text;
    }

    @Override
    public Reply detached() {
      return this;
    }
  }

  /** What a server says. */
  static Reply text(String text) {
    return Text.of(text);
  }

  private static final String ALONE = "role:slave\r\nslave_repl_offset:1\r\nloading:0\r\n";

  private final Map<NodeId, State> states = new HashMap<>();
  private final Map<NodeId, String> information = new HashMap<>();
  private final Map<NodeId, Integer> looks = new HashMap<>();
  private final Map<String, String> settings = new HashMap<>();
  private List<String> users =
      List.of("default", "rp-s1-5-data", "rp-s1-5-internal", "rp-s1-5-replica");
  private String connections = "";
  private final ArrayDeque<String> waits = new ArrayDeque<>();
  private boolean allAcknowledge = true;
  private boolean cutOff;

  /** Those of {@link FakeHost#three}: all have this marker, A leads, and the others follow it. */
  static FakeServers three(long epoch, long number) {
    FakeServers servers = new FakeServers();
    servers.set(FakeHost.A, "a", epoch, number);
    servers.set(FakeHost.B, "b", epoch, number);
    servers.set(FakeHost.C, "c", epoch, number);
    servers.say(FakeHost.A, "role:master", "slave0:ip=h,port=2,state=online,offset=1,lag=1");
    servers.follow(FakeHost.B, "up");
    servers.follow(FakeHost.C, "up");
    return servers;
  }

  /** From now on {@code node} says that it follows A, over a link in that state. */
  void follow(NodeId node, String link, String... more) {
    List<String> lines = new ArrayList<>();
    lines.add("role:slave");
    lines.add("master_host:" + FakeHost.A.host());
    lines.add("master_port:" + FakeHost.A.port());
    lines.add("master_link_status:" + link);
    lines.addAll(List.of(more));
    say(node, lines.toArray(String[]::new));
  }

  /** Whether one of them was told to follow nobody. */
  boolean areCutOff() {
    return cutOff;
  }

  /** How often {@code node} was asked what it is doing. */
  int looksAt(NodeId node) {
    return looks.getOrDefault(node, 0);
  }

  /** Nobody answers there any more. */
  void lose(NodeId node) {
    states.remove(node);
  }

  void set(NodeId node, String run, long epoch, long number) {
    states.put(node, new State(run, "" + epoch, "" + number));
  }

  /** So many replicas acknowledge when their leader waits for them, and then it hangs. */
  void acknowledge(int replicas) {
    allAcknowledge = false;
    waits.add("" + replicas);
  }

  /** What {@code node} answers to {@code INFO} from now on. */
  void say(NodeId node, String... lines) {
    information.put(node, String.join("\r\n", lines));
  }

  /** What all of them answer to {@code CONFIG GET} of that parameter; "yes" unless set. */
  void configure(String parameter, String value) {
    settings.put(parameter, value);
  }

  /** Whom all of them know. */
  void know(String... names) {
    users = List.of(names);
  }

  /** What all of them answer to {@code CLIENT LIST}. */
  void connect(String lines) {
    connections = lines;
  }

  void setEmpty(NodeId node, String run) {
    states.put(node, new State(run, "", ""));
  }

  @Override
  public AdminLink open(NodeId node) {
    return new AdminLink() {
      @Override
      public void send(Request request, ReplyCallback callback) {
        State state = states.get(node);
        if (state == null) {
          callback.onFailure(BackendFailure.NOT_SENT, node, "connection refused");
        } else if (allAcknowledge || !word(request, 0).equals("WAIT")) {
          callback.onReply(answer(node, state, request));
        } else if (!waits.isEmpty()) {
          callback.onReply(Text.of(waits.remove()));
        }
      }

      @Override
      public String runId() {
        State state = states.get(node);
        return state == null ? "" : state.run();
      }

      @Override
      public void close() {}
    };
  }

  private static String word(Request request, int index) {
    return new String(request.bytes(index), StandardCharsets.UTF_8);
  }

  private Reply answer(NodeId node, State state, Request request) {
    String name = word(request, 0);
    cutOff |= name.equals("REPLICAOF");
    return switch (name) {
      // Who reads the marker names one key, who changes it two.
      case "EVAL" ->
          evaluated(node, word(request, 2).equals("1") ? state.marker() : state.number());
      case "WAIT" -> Text.of(word(request, 1));
      case "CONFIG" -> {
        String parameter = word(request, 2);
        yield Text.list(parameter, settings.getOrDefault(parameter, "yes"));
      }
      case "CLIENT" -> Text.of(connections);
      case "INFO" -> {
        looks.merge(node, 1, Integer::sum);
        yield Text.of(information.getOrDefault(node, ALONE));
      }
      case "ACL" -> Text.list(users.toArray(String[]::new));
      default -> Text.of("OK");
    };
  }

  /** One that has lost whom it follows tells nothing of what it holds. */
  private Reply evaluated(NodeId node, String value) {
    return information.getOrDefault(node, ALONE).contains("master_link_status:down")
        ? new Text((byte) '-', "MASTERDOWN Link with MASTER is down", List.of())
        : Text.of(value);
  }
}
