package io.ringmaster.protocol.codec;

/** The count of bytes that are kept longer than the call that brings them. */
public interface Room {

  /** No bounds, and nothing counted. */
  Room ENDLESS =
      new Room() {
        @Override
        public void take(long bytes) {}

        @Override
        public void giveBack(long bytes) {}
      };

  /**
   * Counts so many bytes as kept from now on.
   *
   * @throws NoRoomException if they may not be; then nothing is counted
   */
  void take(long bytes);

  /** Counts so many bytes as kept no more. */
  void giveBack(long bytes);
}
