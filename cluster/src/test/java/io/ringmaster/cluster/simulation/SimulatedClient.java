package io.ringmaster.cluster.simulation;

import io.ringmaster.cluster.replication.ClientView;
import io.ringmaster.cluster.simulation.SimulatedProxy.Answer;
import io.ringmaster.cluster.simulation.SimulatedProxy.Client;
import io.ringmaster.cluster.simulation.SimulatedProxy.Manner;
import io.ringmaster.cluster.simulation.SimulatedProxy.Writing;
import io.ringmaster.cluster.simulation.check.Operation;
import io.ringmaster.cluster.simulation.check.Operation.Fate;
import io.ringmaster.cluster.simulation.check.Operation.Kind;
import io.ringmaster.cluster.spi.Lane;
import io.ringmaster.cluster.topology.ReadLevel;
import java.util.List;

/** A client of one proxy: it sends the next request when it has the answer to the one before. */
final class SimulatedClient {

  private static final List<ReadLevel> ANYWHERE =
      List.of(ReadLevel.REPLICA, ReadLevel.NEAREST, ReadLevel.FIRST);

  private final World world;
  private SimulatedProxy proxy;
  private final Scenario scenario;
  private final History history;
  private final int number;
  private int incarnation;
  private int session;
  private Client client;
  private int left;
  private int written;

  /** What it asks. */
  private record Question(Kind kind, String key, String value, Manner manner) {
    Question(Kind kind, String key, String value) {
      this(kind, key, value, new Manner(ReadLevel.LINEARIZABLE, Writing.PROVED));
    }
  }

  SimulatedClient(
      World world, SimulatedProxy proxy, Scenario scenario, History history, int number) {
    this.world = world;
    this.proxy = proxy;
    this.scenario = scenario;
    this.history = history;
    this.number = number;
    this.session = 1000 * number;
    this.left = scenario.operations();
    this.client = freshClient();
  }

  boolean isDone() {
    return left == 0;
  }

  void start() {
    world.after(pause(), this::ask);
  }

  /** A proxy that was restarted knows nothing of its clients: a new session begins. */
  private void connect() {
    SimulatedProxy serving = proxy.serving();
    if (incarnation != serving.process().incarnation() || serving != proxy) {
      proxy = serving;
      incarnation = serving.process().incarnation();
      session++;
      client = freshClient();
    }
  }

  private Client freshClient() {
    Lane lane = SimulatedProxy.LANES.get(world.below(scenario.lanes()));
    return new Client(number, lane, new ClientView(number));
  }

  private long pause() {
    return world.chance(0.8) ? world.between(0, 3_000) : world.between(3_000, 60_000);
  }

  private void ask() {
    connect();
    Question question = scenario.flushes() && world.chance(0.03) ? flush() : inDatabase(question());
    long called = world.now();
    int asking = session;
    proxy.execute(
        request(question),
        question.manner(),
        client,
        answer -> hear(asking, question, called, answer));
  }

  private Question question() {
    written++;
    String value = "c" + number + "w" + written;
    if (world.chance(scenario.alone())) {
      return leaderQuestion(value);
    }
    if (world.chance(0.2)) {
      return ownQuestion(value);
    }
    int dice = world.below(10);
    if (dice < 4) {
      Writing writing = world.chance(0.2) ? Writing.WAITING : Writing.PROVED;
      Manner manner = new Manner(ReadLevel.LINEARIZABLE, writing);
      return new Question(Kind.SET, "once-" + value, value, manner);
    }
    String register = "register" + world.below(2);
    if (dice < 6) {
      return new Question(Kind.SET, register, value);
    }
    if (dice < 7) {
      return world.chance(0.5) ? failing(value) : new Question(Kind.INCREMENT, "counter", "");
    }
    if (!scenario.reads()) {
      return new Question(Kind.SET, register, value);
    }
    return new Question(Kind.GET, dice < 9 ? register : "counter", "");
  }

  /** What fails where something exists already, and then tells of that. */
  private Question failing(String value) {
    int dice = world.below(4);
    String key = "created" + world.below(2);
    if (dice == 0 && scenario.reads()) {
      return new Question(Kind.GET, key, "");
    }
    return dice == 1 ? new Question(Kind.DELETE, key, "") : new Question(Kind.CREATE, key, value);
  }

  /** The same name means another key in another database. */
  private Question inDatabase(Question question) {
    int database = client.lane().database();
    String key = database == 0 ? question.key() : question.key() + "@" + database;
    return new Question(question.kind(), key, question.value(), question.manner());
  }

  /** What only this session writes it may read anywhere. */
  private Question ownQuestion(String value) {
    String key = "own-" + session;
    return world.chance(0.4)
        ? new Question(Kind.SET, key, value)
        : new Question(Kind.GET, key, "", new Manner(world.pick(ANYWHERE), Writing.PROVED));
  }

  /** What leaders answer alone: reads of what was written to all, and writes at async. */
  private Question leaderQuestion(String value) {
    int dice = world.below(10);
    if (dice < 2) {
      Manner alone = new Manner(ReadLevel.LEADER, Writing.ALONE);
      return new Question(Kind.SET, "alone-" + value, value, alone);
    }
    String key = "led" + world.below(2);
    return dice < 4
        ? new Question(Kind.SET, key, value)
        : new Question(Kind.GET, key, "", new Manner(ReadLevel.LEADER, Writing.PROVED));
  }

  private Question flush() {
    return new Question(Kind.DELETE, History.ALL_KEYS, "");
  }

  private Words request(Question question) {
    return switch (question.kind()) {
      case SET -> Words.writing("SET", question.key(), question.value());
      case GET -> Words.reading("GET", question.key());
      case INCREMENT -> Words.writing("INCR", question.key());
      case CREATE -> Words.writing("CREATE", question.key(), question.value());
      case DELETE ->
          question.key().equals(History.ALL_KEYS)
              ? proxy.flush()
              : Words.writing("DEL", question.key());
    };
  }

  private void hear(int asking, Question question, long called, Answer answer) {
    world.after(world.between(10, 200), () -> note(asking, question, called, answer));
  }

  private void note(int asking, Question question, long called, Answer answer) {
    boolean tells = question.kind() == Kind.GET || question.kind() == Kind.INCREMENT;
    boolean existed = question.kind() == Kind.CREATE && answer.text().isEmpty();
    String told = answer.fate() == Fate.DONE ? answer.text() : "";
    String value = tells || (existed && answer.fate() == Fate.DONE) ? told : question.value();
    Operation operation =
        new Operation(
            asking,
            question.kind(),
            question.key(),
            value,
            answer.fate(),
            called,
            world.now(),
            answer.epoch());
    history.add(operation);
    if (world.isTraced()) {
      world.trace("client: " + operation + " " + answer.text());
    }
    left--;
    if (left > 0) {
      long patience = answer.fate() == Fate.DONE ? 0 : world.between(0, scenario.patience());
      world.after(patience + pause(), this::ask);
    }
  }

  static boolean allDone(List<SimulatedClient> clients) {
    return clients.stream().allMatch(SimulatedClient::isDone);
  }
}
