package io.ringmaster.proxy.local;

import io.ringmaster.proxy.frontend.ClientConnection;
import io.ringmaster.proxy.frontend.Preferences;
import io.ringmaster.proxy.frontend.Session;
import java.util.Locale;

/**
 * One client as CLIENT LIST and CLIENT INFO show it. Fields that have no meaning for a proxy are
 * zero.
 */
final class ClientLine {

  private ClientLine() {}

  /** Called on the client's event loop. */
  static String of(ClientConnection client) {
    Session session = client.session();
    Preferences preferences = session.preferences();
    long now = client.frontend().nowMillis();
    return "id="
        + session.id()
        + (" addr=" + client.remoteAddress() + " laddr=" + client.localAddress())
        + (" fd=-1 name=" + preferences.name())
        + (" age=" + (now - client.createdMillis()) / 1000)
        + (" idle=" + client.frontend().idleMillis(client) / 1000)
        + (" flags=" + (preferences.isEvictable() ? "N" : "e") + " db=" + preferences.database())
        + (" sub=0 psub=0 ssub=0 multi=-1 qbuf=" + client.receivedBytes())
        + (" qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll=" + client.inFlight())
        + (" omem=" + client.unreadBytes() + " tot-mem=0 events=r")
        + (" cmd="
            + session.lastCommand().toLowerCase(Locale.ROOT)
            + " user="
            + session.user().name())
        + (" redir=-1 resp=" + preferences.version().number())
        + (" lib-name="
            + preferences.libraryName()
            + " lib-ver="
            + preferences.libraryVersion()
            + "\n");
  }
}
