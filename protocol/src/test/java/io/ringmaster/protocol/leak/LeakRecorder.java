package io.ringmaster.protocol.leak;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Makes Netty's leak detectors, and writes down what they find. */
public final class LeakRecorder extends ResourceLeakDetectorFactory {

  private static final int ATTEMPTS = 100;
  private static final int ATTEMPT_MILLIS = 100;

  private final List<Recording<?>> detectors = new CopyOnWriteArrayList<>();
  private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

  @Override
  @SuppressWarnings("deprecation")
  public <T> ResourceLeakDetector<T> newResourceLeakDetector(
      Class<T> resource, int samplingInterval, long maxActive) {
    return newResourceLeakDetector(resource, samplingInterval);
  }

  @Override
  public <T> ResourceLeakDetector<T> newResourceLeakDetector(
      Class<T> resource, int samplingInterval) {
    Recording<T> detector = new Recording<>(resource, samplingInterval, leaks);
    detectors.add(detector);
    return detector;
  }

  /** Whether it made the detector for {@code resource}. */
  boolean watches(Class<?> resource) {
    return detectors.stream().anyMatch(detector -> detector.resource.equals(resource));
  }

  /** What was lost since the last call and can never be released any more. */
  List<String> takeLeaks() throws InterruptedException {
    // References of one collection are handed over in no known order, but before those of the next.
    awaitCollection();
    awaitCollection();
    detectors.forEach(Recording::look);
    List<String> taken = new ArrayList<>();
    for (String leak = leaks.poll(); leak != null; leak = leaks.poll()) {
      taken.add(leak);
    }
    return taken;
  }

  private static void awaitCollection() throws InterruptedException {
    ReferenceQueue<Object> collected = new ReferenceQueue<>();
    WeakReference<Object> lost = new WeakReference<>(new Object(), collected);
    try {
      for (int i = 0; i < ATTEMPTS; i++) {
        System.gc();
        if (collected.remove(ATTEMPT_MILLIS) != null) {
          return;
        }
      }
    } finally {
      Reference.reachabilityFence(lost);
    }
    throw new AssertionError("no garbage is collected, so no leak can be found");
  }

  private static final class Recording<T> extends ResourceLeakDetector<T> {

    private final Class<T> resource;
    private final Queue<String> leaks;

    Recording(Class<T> resource, int samplingInterval, Queue<String> leaks) {
      super(resource, samplingInterval);
      this.resource = resource;
      this.leaks = leaks;
    }

    /** A detector looks for leaks only when something new is tracked. */
    @SuppressWarnings("unchecked")
    void look() {
      T something = (T) new Object();
      ResourceLeakTracker<T> tracker = trackForcibly(something);
      if (tracker != null) {
        tracker.close(something);
      }
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      leaks.add(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      leaks.add(resourceType);
    }
  }
}
