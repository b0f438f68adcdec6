package org.walstream.wire.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.walstream.wire.ProtocolVersion;
import org.walstream.wire.ProtocolViolation;

class MessagesTest {

  static List<BackendMessage> backendMessages() {
    return List.of(
        new Authentication.Ok(),
        new Authentication.CleartextPassword(),
        new Authentication.Md5Password(0x01020304),
        new Authentication.Sasl(List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256")),
        new Authentication.SaslContinue("r=abc,s=def,i=4096"),
        new Authentication.SaslFinal("v=signature"),
        new Authentication.Unsupported(7),
        new BackendKeyData(4711, new byte[] {1, 2, 3, 4}),
        new BackendKeyData(4711, new byte[256]),
        new CommandComplete("START_STREAMING"),
        ParseComplete.INSTANCE,
        BindComplete.INSTANCE,
        CloseComplete.INSTANCE,
        NoData.INSTANCE,
        PortalSuspended.INSTANCE,
        new ParameterDescription(List.of(25, 23)),
        new CopyBothResponse(CopyFormat.REPLICATION),
        new CopyInResponse(new CopyFormat(true, 2)),
        new CopyOutResponse(new CopyFormat(false, 1)),
        new CopyData(ByteBuffer.wrap(new byte[] {'w', 1})),
        CopyDone.INSTANCE,
        DataRow.ofText("7384739", null, "", "ü"),
        EmptyQueryResponse.INSTANCE,
        new ErrorResponse(new Diagnostic("FATAL", "28P01", "no", "because", "try harder", 7)),
        new NoticeResponse(new Diagnostic("NOTICE", "00000", "nothing")),
        new NotificationResponse(4711, "walstream_replication", "{}"),
        new NegotiateProtocolVersion(ProtocolVersion.V3_0, List.of("_pq_.x")),
        new ParameterStatus("in_hot_standby", "on"),
        ReadyForQuery.IDLE,
        new RowDescription(
            List.of(
                new RowDescription.Column("systemid", 25, -1, -1),
                new RowDescription.Column("timeline", 20, 8, -1, 1))));
  }

  static List<FrontendMessage> frontendMessages() {
    return List.of(
        AuthenticationResponse.password("secret"),
        AuthenticationResponse.saslInitial("SCRAM-SHA-256", new byte[] {'n'}),
        new CopyData(ByteBuffer.allocate(0)),
        CopyDone.INSTANCE,
        new CopyFail("enough"),
        new Parse("s1", "SHOW port", List.of(23, 0)),
        new Bind("", "s1", List.of(1), Arrays.asList(new byte[] {0, 1}, null), List.of(1, 0)),
        new Bind("p", "s1", List.of(), List.of(), List.of()),
        new Describe(true, "p"),
        new Execute("p", 10),
        new Close(false, "s1"),
        Flush.INSTANCE,
        Sync.INSTANCE,
        new Query("IDENTIFY_SYSTEM"),
        Terminate.INSTANCE);
  }

  static List<StartupPacket> startupPackets() {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("user", "rep");
    parameters.put("replication", "true");
    return List.of(
        new StartupPacket.Startup(ProtocolVersion.V3_2, parameters),
        new StartupPacket.CancelRequest(4711, new byte[32]),
        new StartupPacket.SslRequest(),
        new StartupPacket.GssEncRequest());
  }

  @ParameterizedTest
  @MethodSource("backendMessages")
  void backendMessageSurvivesTheWay(BackendMessage message) throws Exception {
    var buffer = ByteBuffer.allocate(message.length());
    message.encode(buffer);
    assertThat(buffer.hasRemaining()).isFalse();
    buffer.flip();
    assertThat(Frame.bodyLength(buffer, 0, 1000)).isEqualTo(message.bodyLength());
    assertThat(BackendMessage.decode(buffer.get(0), buffer.position(Frame.HEADER_LENGTH)))
        .isEqualTo(message)
        .hasSameHashCodeAs(message);
  }

  @ParameterizedTest
  @MethodSource("frontendMessages")
  void frontendMessageSurvivesTheWay(FrontendMessage message) throws Exception {
    var buffer = ByteBuffer.allocate(message.length());
    message.encode(buffer);
    assertThat(buffer.hasRemaining()).isFalse();
    buffer.flip();
    assertThat(FrontendMessage.decode(buffer.get(0), buffer.position(Frame.HEADER_LENGTH)))
        .isEqualTo(message)
        .hasSameHashCodeAs(message);
  }

  @ParameterizedTest
  @MethodSource("startupPackets")
  void startupPacketSurvivesTheWay(StartupPacket packet) throws Exception {
    var buffer = ByteBuffer.allocate(packet.length());
    packet.encode(buffer);
    assertThat(buffer.hasRemaining()).isFalse();
    assertThat(buffer.getInt(0)).isEqualTo(packet.length());
    assertThat(StartupPacket.decode(buffer.position(Integer.BYTES)))
        .isEqualTo(packet)
        .hasSameHashCodeAs(packet);
  }

  @Test
  void startupPacketHasPostgresLayout() {
    var packet =
        new StartupPacket.Startup(
            ProtocolVersion.V3_0, new LinkedHashMap<>(java.util.Map.of("user", "u")));
    var buffer = ByteBuffer.allocate(packet.length());
    packet.encode(buffer);
    assertThat(HexFormat.of().formatHex(buffer.array()))
        .isEqualTo("00000010" + "00030000" + "7573657200" + "7500" + "00");
  }

  @Test
  void bodiesOfAuthenticationResponsesAreReadAsWhatWasAskedFor() throws Exception {
    assertThat(AuthenticationResponse.password("pä").asPassword()).isEqualTo("pä");
    var initial =
        AuthenticationResponse.saslInitial("SCRAM-SHA-256", new byte[] {1, 2}).asSaslInitial();
    assertThat(initial.mechanism()).isEqualTo("SCRAM-SHA-256");
    assertThat(initial.data()).containsExactly(1, 2);
  }

  @Test
  void secretsAreNotPartOfAnyText() {
    assertThat(AuthenticationResponse.password("hunter2").toString()).doesNotContain("hunter2");
    assertThat(new BackendKeyData(1, new byte[] {77}).toString()).doesNotContain("77");
    assertThat(new StartupPacket.CancelRequest(1, new byte[] {77, 1, 2, 3}).toString())
        .doesNotContain("77");
  }

  @Test
  void lengthsAndTagsAreChecked() {
    assertThatThrownBy(() -> Frame.bodyLength(hex("5a00000003"), 0, 100))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage("invalid message length 3 of message type \"Z\"");
    assertThatThrownBy(() -> Frame.bodyLength(hex("0000000100"), 0, 100))
        .hasMessage("invalid message length 256 of message type 0x00");
    assertThatThrownBy(() -> BackendMessage.decode((byte) '?', hex("")))
        .hasMessage("unexpected message type \"?\"");
    assertThatThrownBy(() -> BackendMessage.decode(ReadyForQuery.TAG, hex("4949")))
        .hasMessage("invalid message format: 1 bytes too many");
    assertThatThrownBy(() -> BackendMessage.decode(DataRow.TAG, hex("00017fffffff")))
        .hasMessage("insufficient data left in message");
    assertThatThrownBy(() -> BackendMessage.decode(DataRow.TAG, hex("ffff")))
        .hasMessage("invalid message format: negative count -1");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyBytesAreAMessageOrAViolation(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    byte[] backendTags =
        "RKCWdcGHDIEvNSZTxnts".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    byte[] frontendTags = "pdcfQXxPBDECHS".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (int i = 0; i < 50_000; i++) {
      byte[] noise = new byte[random.nextInt(48)];
      random.nextBytes(noise);
      for (int j = 0; j < noise.length; j++) {
        noise[j] = random.nextInt(3) == 0 ? 0 : noise[j];
      }
      try {
        BackendMessage.decode(
            backendTags[random.nextInt(backendTags.length)], ByteBuffer.wrap(noise));
      } catch (ProtocolViolation expected) {
        assertThat(expected.getMessage()).as("seed %d", seed).isNotEmpty();
      }
      try {
        FrontendMessage.decode(
            frontendTags[random.nextInt(frontendTags.length)], ByteBuffer.wrap(noise));
      } catch (ProtocolViolation expected) {
        assertThat(expected.getMessage()).as("seed %d", seed).isNotEmpty();
      }
      try {
        StartupPacket.decode(ByteBuffer.wrap(noise));
      } catch (ProtocolViolation expected) {
        assertThat(expected.getMessage()).as("seed %d", seed).isNotEmpty();
      }
    }
  }

  private static ByteBuffer hex(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
  }
}
