package io.ringmaster.cluster.simulation;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command did, as a leader tells it to its replicas and to its disk. */
sealed interface Effect {

  /** A string; null deletes it. */
  record Put(String key, @Nullable String value) implements Effect {}

  /** A whole hash. */
  record PutHash(String key, Map<String, String> fields) implements Effect {}

  /** Nothing is left. */
  record Clear() implements Effect {}

  /** Replicas shall say how far they are. Takes part in the offsets like everything else. */
  record AskOffset() implements Effect {}

  /** A message for those who have subscribed, wherever it comes. */
  record Publish(String channel, String text) implements Effect {}

  /** Several at once, from a script. */
  record Together(List<Effect> effects) implements Effect {}
}
