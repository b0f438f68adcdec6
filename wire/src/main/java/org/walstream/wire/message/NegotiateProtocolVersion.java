package org.walstream.wire.message;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.walstream.wire.ProtocolVersion;
import org.walstream.wire.ProtocolViolation;

/// The server speaks an older minor version than the client asked for, or does not know some of its
/// `_pq_.` options, and goes on without.
///
/// ```
/// 'v'  length  newest version it speaks (4)  number of options (4)  option's name (string, each)
/// ```
public record NegotiateProtocolVersion(ProtocolVersion newest, List<String> unknownOptions)
    implements BackendMessage {

  public static final byte TAG = 'v';

  public NegotiateProtocolVersion {
    unknownOptions = List.copyOf(unknownOptions);
  }

  static NegotiateProtocolVersion decode(ByteBuffer body) throws ProtocolViolation {
    ProtocolVersion newest = ProtocolVersion.ofCode(Body.int32(body));
    int count = Body.count(body, Body.int32(body), 1);
    var options = new ArrayList<String>(count);
    for (int i = 0; i < count; i++) {
      options.add(Body.text(body));
    }
    return new NegotiateProtocolVersion(newest, options);
  }

  @Override
  public byte tag() {
    return TAG;
  }

  @Override
  public int bodyLength() {
    return 2 * Integer.BYTES + unknownOptions.stream().mapToInt(Body::textLength).sum();
  }

  @Override
  public void encodeBody(ByteBuffer out) {
    out.putInt(newest.code()).putInt(unknownOptions.size());
    unknownOptions.forEach(option -> Body.putText(out, option));
  }
}
