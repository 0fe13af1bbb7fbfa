package io.ringmaster.proxy.frontend;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The clients of all event loops. A question to all of them visits each loop and comes back to the
 * asking one.
 */
public final class Frontends {

  private final List<Frontend> all;

  public Frontends(List<Frontend> all) {
    this.all = List.copyOf(all);
  }

  /**
   * Evaluates {@code question} on each loop for its clients, and passes the answers to {@code then}
   * on the loop of {@code asking}.
   */
  public <T> void ask(Frontend asking, Function<Frontend, T> question, Consumer<List<T>> then) {
    AtomicReferenceArray<T> answers = new AtomicReferenceArray<>(all.size());
    AtomicInteger missing = new AtomicInteger(all.size());
    for (int i = 0; i < all.size(); i++) {
      int index = i;
      Frontend frontend = all.get(i);
      frontend
          .loop()
          .eventLoop()
          .execute(
              () -> {
                answers.set(index, question.apply(frontend));
                if (missing.decrementAndGet() == 0) {
                  asking.loop().eventLoop().execute(() -> then.accept(list(answers)));
                }
              });
    }
  }

  private static <T> List<T> list(AtomicReferenceArray<T> answers) {
    List<T> list = new ArrayList<>(answers.length());
    for (int i = 0; i < answers.length(); i++) {
      list.add(answers.get(i));
    }
    return list;
  }
}
