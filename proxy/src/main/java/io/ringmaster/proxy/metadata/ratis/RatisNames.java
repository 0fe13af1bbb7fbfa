package io.ringmaster.proxy.metadata.ratis;

import io.ringmaster.cluster.topology.NodeId;
import io.ringmaster.proxy.metadata.Member;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;

/** Our names for members in the words of Ratis, and back. */
final class RatisNames {

  /** There is one group only; the number has no meaning but must never change. */
  static final RaftGroupId GROUP =
      RaftGroupId.valueOf(UUID.fromString("72696e67-6d61-4374-8572-636f6e666967"));

  private RatisNames() {}

  static RaftPeer peer(Member member) {
    return RaftPeer.newBuilder().setId(member.id()).setAddress(member.address().toString()).build();
  }

  static Member member(RaftPeer peer) {
    return new Member(peer.getId().toString(), NodeId.parse(peer.getAddress()));
  }

  static RaftGroup group(Collection<Member> members) {
    return RaftGroup.valueOf(GROUP, members.stream().map(RatisNames::peer).toList());
  }

  /** In the order of their names. */
  static List<Member> members(Collection<RaftPeer> peers) {
    return peers.stream().map(RatisNames::member).sorted(Comparator.comparing(Member::id)).toList();
  }
}
