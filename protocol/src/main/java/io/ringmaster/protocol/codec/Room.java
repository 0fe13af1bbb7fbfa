package io.ringmaster.protocol.codec;

/** Where bytes that are kept longer than the call that brings them are counted. */
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
   * So many bytes are kept from now on.
   *
   * @throws NoRoomException if they may not be; then nothing is counted
   */
  void take(long bytes);

  /** They are not kept any more. */
  void giveBack(long bytes);
}
