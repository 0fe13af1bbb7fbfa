package io.ringmaster.proxy.admin;

/** What this coordinator knows of its right to serve, and of what shards lack. */
public interface Oversight {

  /** Of a proxy whose topology never changes. */
  Oversight NEEDLESS =
      new Oversight() {
        @Override
        public boolean holdsLease() {
          return true;
        }

        @Override
        public String waitsFor(String shard) {
          return "";
        }
      };

  /** Whether the lease is held now. */
  boolean holdsLease();

  /** What the shard of this id lacks; empty if nothing, or if another coordinator would know. */
  String waitsFor(String shard);
}
