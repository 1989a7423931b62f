package io.batpak.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.event.EventKind;
import io.batpak.failure.MalformedPayload;
import io.batpak.payload.SamplePayloads.Bytes;
import io.batpak.payload.SamplePayloads.Collections;
import io.batpak.payload.SamplePayloads.Color;
import io.batpak.payload.SamplePayloads.Defaults;
import io.batpak.payload.SamplePayloads.Line;
import io.batpak.payload.SamplePayloads.Moved;
import io.batpak.payload.SamplePayloads.MovedV1;
import io.batpak.payload.SamplePayloads.MovedV2;
import io.batpak.payload.SamplePayloads.Positive;
import io.batpak.payload.SamplePayloads.Shape;
import io.batpak.payload.SamplePayloads.Six;
import io.batpak.payload.SamplePayloads.Tagged;
import io.batpak.payload.SamplePayloads.Tree;
import io.batpak.testing.Randoms;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.msgpack.core.MessagePack;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;

/// Generated codecs write what the package page says and read back whatever means the same, as
/// msgpack-java and reflection see it; hostile bytes give a failure that names the field, never
/// another. Would catch a lost field, a form not accepted, an unchecked length. Seeds: see Randoms.
class PayloadCodecTest {

  private static final int BYTES_MAX = 1 << 24;
  private static final int RUNS = 150;

  static List<PayloadCodec<?>> codecs() {
    var codecs = new ArrayList<PayloadCodec<?>>();
    for (PayloadCodec<?> codec : ServiceLoader.load(PayloadCodec.class)) {
      if (codec.type().getEnclosingClass() == SamplePayloads.class
          && codec.type() != Positive.class) {
        codecs.add(codec);
      }
    }
    return codecs;
  }

  static <T extends Record> PayloadCodec<T> codec(Class<T> type) {
    for (PayloadCodec<?> codec : ServiceLoader.load(PayloadCodec.class)) {
      if (codec.type() == type) {
        @SuppressWarnings("unchecked")
        var found = (PayloadCodec<T>) codec;
        return found;
      }
    }
    throw new AssertionError("no codec is registered for " + type);
  }

  static <T extends Record> byte[] write(PayloadCodec<T> codec, T payload) {
    var out = new MessageWriter(BYTES_MAX);
    codec.write(payload, out);
    return out.toByteArray();
  }

  static <T extends Record> T read(PayloadCodec<T> codec, byte[] bytes) {
    var in = new MessageReader(bytes);
    T payload = codec.read(in, codec.version());
    assertThat(in.exhausted()).as("nothing is left").isTrue();
    return payload;
  }

  static Value unpack(byte[] bytes) throws Exception {
    try (var unpacker = MessagePack.newDefaultUnpacker(bytes)) {
      Value value = unpacker.unpackValue();
      assertThat(unpacker.hasNext()).isFalse();
      return value;
    }
  }

  static byte[] pack(Value value) throws Exception {
    try (var packer = MessagePack.newDefaultBufferPacker()) {
      packer.packValue(value);
      return packer.toByteArray();
    }
  }

  static <T extends Record> void checkRoundTrip(
      PayloadCodec<T> codec, RandomGenerator random, int size) throws Exception {
    T payload = new Specimens(random, size).any(codec.type());

    byte[] bytes = write(codec, payload);
    T back = read(codec, bytes);

    assertThat(unpack(bytes)).isEqualTo(WireForm.of(payload));
    assertThat(WireForm.of(back)).isEqualTo(WireForm.of(payload));
    if (codec.type() != Bytes.class) {
      assertThat(back).isEqualTo(payload).hasSameHashCodeAs(payload);
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void what_is_written_is_read_back_by_the_codec_and_by_msgpack_java(PayloadCodec<?> codec) {
    Randoms.each(RUNS, (random, size) -> checkRoundTrip(codec, random, size));
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void every_spelling_of_a_payload_is_read(PayloadCodec<?> codec) {
    Randoms.each(
        RUNS,
        (random, size) -> {
          Value value = WireForm.of(new Specimens(random, size).any(codec.type()));

          byte[] bytes = Spelling.any(value, random);

          assertThat(unpack(bytes)).as("the spelling is right").isEqualTo(value);
          assertThat(WireForm.of(read(codec, bytes))).isEqualTo(value);
        });
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void unknown_fields_are_skipped_wherever_they_stand(PayloadCodec<?> codec) {
    Randoms.each(
        RUNS,
        (random, size) -> {
          var specimens = new Specimens(random, size);
          Record payload = specimens.any(codec.type());
          Value value = WireForm.of(payload);
          Value extended =
              WireForm.withStrangers(
                  payload,
                  () ->
                      Map.of(
                          ValueFactory.newString("stranger"),
                          random.nextInt(10) == 0 ? value : anyValue(random, specimens)));

          byte[] bytes = Spelling.any(extended, random);

          assertThat(WireForm.of(read(codec, bytes))).isEqualTo(value);
        });
  }

  private static Value anyValue(RandomGenerator random, Specimens specimens) {
    return switch (random.nextInt(6)) {
      case 0 -> ValueFactory.newNil();
      case 1 -> ValueFactory.newString(specimens.text());
      case 2 -> ValueFactory.newExtension((byte) random.nextInt(128), specimens.bytes());
      case 3 -> ValueFactory.newInteger(specimens.integer());
      case 4 -> ValueFactory.newTimestamp(specimens.instant());
      default -> ValueFactory.newBinary(specimens.bytes());
    };
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void hostile_bytes_give_a_payload_or_a_malformed_payload(PayloadCodec<?> codec) {
    Randoms.each(
        RUNS * 5,
        (random, size) -> {
          Value value = WireForm.of(new Specimens(random, size / 4).any(codec.type()));
          byte[] bytes = Spelling.any(value, random);

          byte[] hostile = mutated(bytes, random);

          try {
            codec.read(new MessageReader(hostile), codec.version());
          } catch (MalformedPayload failure) {
            assertThat(failure.payload()).isEqualTo(codec.type().getCanonicalName());
          }
        });
  }

  private static byte[] mutated(byte[] bytes, RandomGenerator random) {
    byte[] hostile = bytes.clone();
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(hostile, random.nextInt(hostile.length));
    }
    for (int i = 0; i <= random.nextInt(4); i++) {
      int at = random.nextInt(hostile.length);
      hostile[at] =
          (byte) (random.nextBoolean() ? random.nextInt() : hostile[at] ^ 1 << random.nextInt(8));
    }
    return hostile;
  }

  @Test
  void a_truncated_payload_is_malformed_at_every_length() {
    byte[] bytes = write(codec(Six.class), six());

    for (int length = 0; length < bytes.length; length++) {
      byte[] truncated = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> read(codec(Six.class), truncated))
          .isInstanceOf(MalformedPayload.class);
    }
  }

  @Test
  void the_round_trip_property_notices_a_codec_that_loses_a_field() {
    PayloadCodec<Six> whole = codec(Six.class);
    PayloadCodec<Six> broken =
        new Altered(whole) {
          @Override
          public Six read(MessageReader in, int version) {
            Six six = whole.read(in, version);
            return new Six(
                six.customer(),
                six.cents(),
                (short) six.count(),
                six.paid(),
                six.at(),
                six.color());
          }
        };

    assertThatThrownBy(
            () -> Randoms.each(RUNS, (random, size) -> checkRoundTrip(broken, random, size)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("batpak.seed");
  }

  @Test
  void the_round_trip_property_notices_a_codec_that_writes_another_form() {
    PayloadCodec<Six> whole = codec(Six.class);
    PayloadCodec<Six> broken =
        new Altered(whole) {
          @Override
          public void write(Six payload, MessageWriter out) {
            var inner = new MessageWriter(BYTES_MAX);
            whole.write(payload, inner);
            byte[] bytes = inner.toByteArray();
            bytes[1] ^= 0x01; // the length of the first key
            out.writeRaw(bytes, 0, bytes.length);
          }
        };

    assertThatThrownBy(
            () -> Randoms.each(1, (random, size) -> checkRoundTrip(broken, random, size)))
        .isInstanceOf(AssertionError.class);
  }

  private abstract static class Altered implements PayloadCodec<Six> {
    private final PayloadCodec<Six> whole;

    Altered(PayloadCodec<Six> whole) {
      this.whole = whole;
    }

    @Override
    public Class<Six> type() {
      return whole.type();
    }

    @Override
    public EventKind kind() {
      return whole.kind();
    }

    @Override
    public int version() {
      return whole.version();
    }

    @Override
    public void write(Six payload, MessageWriter out) {
      whole.write(payload, out);
    }

    @Override
    public Six read(MessageReader in, int version) {
      return whole.read(in, version);
    }
  }

  @Test
  void kind_and_version_are_those_of_the_annotation() {
    assertThat(codec(Moved.class).kind()).isEqualTo(new EventKind(0xE, 0x00C));
    assertThat(codec(Moved.class).version()).isEqualTo(3);
    assertThat(codecs()).extracting(PayloadCodec::kind).doesNotHaveDuplicates();
    assertThat(codecs())
        .extracting(it -> (Object) it.type())
        .doesNotContain(MovedV1.class, MovedV2.class);
  }

  @Test
  void missing_fields_take_their_defaults() throws Exception {
    Defaults defaults = read(codec(Defaults.class), pack(ValueFactory.emptyMap()));

    assertThat(defaults)
        .isEqualTo(
            new Defaults(
                true,
                (byte) -7,
                (short) 300,
                -70000,
                5_000_000_000L,
                '\u20ac',
                1.5f,
                -0.1,
                "a \"b\"\\\n\u0001\u20ac\u0085",
                UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
                Instant.parse("1969-12-31T23:59:59.5Z"),
                Duration.ofMillis(-1500),
                LocalDate.of(2024, 2, 29),
                new BigDecimal("1.10"),
                new BigInteger("123456789012345678901234567890"),
                Color.BLUE,
                List.of(),
                Set.of(),
                Map.of(),
                Optional.empty()));
  }

  @Test
  void a_missing_field_without_a_default_fails_by_its_name() throws Exception {
    Value line = map("article", ValueFactory.newString("x"));
    Value value =
        map("integers", array(), "strings", array(), "longs", map(), "lines", array(line));

    assertMalformed(codec(Collections.class), pack(value), "lines.count", "missing");
  }

  @Test
  void a_field_that_occurs_twice_fails_by_its_name() throws Exception {
    for (byte[] order : List.of(new byte[] {0, 1, 0}, new byte[] {1, 0, 1}, new byte[] {1, 1, 0})) {
      var out = new MessageWriter(BYTES_MAX);
      out.writeMapHeader(order.length);
      for (byte field : order) {
        out.writeString(field == 0 ? "customer" : "cents");
        if (field == 0) {
          out.writeString("c");
        } else {
          out.writeLong(1);
        }
      }
      assertMalformed(
          codec(Six.class), out.toByteArray(), order[0] == 0 ? "customer" : "cents", "twice");
    }
  }

  @Test
  void failures_name_the_dotted_field() throws Exception {
    PayloadCodec<Tree> tree = codec(Tree.class);
    Value circle = map("Circle", map("radius", ValueFactory.newString("wide")));
    Value group = map("Group", map("name", ValueFactory.newString("g"), "parts", array(circle)));
    Value leaf = map("name", ValueFactory.newInteger(1));

    assertMalformed(tree, pack(map("shape", group)), "shape.parts.radius", "float");
    assertMalformed(tree, pack(map("children", array(leaf))), "children.name", "a str");
    assertMalformed(tree, pack(map("shape", map("Square", map()))), "shape", "Square");
    assertMalformed(tree, pack(map("shape", map())), "shape", "one alternative");
    assertMalformed(
        codec(Six.class),
        pack(map("color", ValueFactory.newString("PINK"))),
        "color",
        "\"PINK\" is none of [RED, GREEN, BLUE]");
    assertMalformed(
        codec(SamplePayloads.Primitives.class),
        pack(map("aByte", ValueFactory.newInteger(128))),
        "aByte",
        "128 is outside -128..127");
    assertMalformed(
        codec(SamplePayloads.Primitives.class),
        pack(map("aChar", ValueFactory.newInteger(-1))),
        "aChar",
        "outside 0..65535");
  }

  @Test
  void text_that_is_not_utf_8_fails_by_its_field() {
    byte[] bytes = write(codec(Six.class), six());
    int text = 1 + 1 + "customer".length() + 1;
    bytes[text] = (byte) 0xFF;

    assertMalformed(codec(Six.class), bytes, "customer", "UTF-8");
  }

  @Test
  void sets_and_maps_keep_their_order_and_refuse_what_comes_twice() throws Exception {
    var ids = new LinkedHashSet<UUID>();
    var longs = new LinkedHashMap<String, Long>();
    for (int i = 50; i > 0; i--) {
      ids.add(new UUID(i * 31L % 17, i));
      longs.put("key " + i * 31 % 53, (long) i);
    }
    var value =
        new Collections(List.of(), Set.of(), longs, Optional.empty(), Map.of(), List.of(), ids);

    Collections back = read(codec(Collections.class), write(codec(Collections.class), value));

    assertThat(back.ids()).containsExactlyElementsOf(ids);
    assertThat(back.longs().keySet()).containsExactlyElementsOf(longs.keySet());
    Value twice = ValueFactory.newString("x");
    assertMalformed(
        codec(Collections.class), pack(map("strings", array(twice, twice))), "strings", "twice");
    var out = new MessageWriter(BYTES_MAX);
    out.writeMapHeader(1);
    out.writeString("longs");
    out.writeMapHeader(2);
    for (int i = 0; i < 2; i++) {
      out.writeString("x");
      out.writeLong(i);
    }
    assertMalformed(codec(Collections.class), out.toByteArray(), "longs", "twice");
  }

  @Test
  void collections_that_were_read_cannot_be_changed() {
    var value =
        new Collections(
            List.of(1),
            Set.of("s"),
            Map.of("k", 1L),
            Optional.empty(),
            Map.of(),
            List.of(),
            Set.of());

    Collections back = read(codec(Collections.class), write(codec(Collections.class), value));

    assertThatThrownBy(() -> back.integers().add(2))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> back.strings().add("t"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> back.longs().put("l", 2L))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  @SuppressWarnings({"NullAway", "NullOptional"})
  void a_null_is_refused_by_its_field() {
    Six missing = new Six("c", 1, 2, true, null, Color.RED);
    assertThatThrownBy(() -> write(codec(Six.class), missing))
        .isInstanceOfSatisfying(
            MalformedPayload.class,
            failure -> {
              assertThat(failure.payload()).isEqualTo(Six.class.getCanonicalName());
              assertThat(failure.field()).isEqualTo("at");
            });
    var line = new Line("article", 1, null);
    var nested =
        new Collections(
            List.of(),
            Set.of(),
            Map.of(),
            Optional.of(List.of(line)),
            Map.of(),
            List.of(),
            Set.of());
    assertThatThrownBy(() -> write(codec(Collections.class), nested))
        .isInstanceOfSatisfying(
            MalformedPayload.class,
            failure -> assertThat(failure.field()).isEqualTo("lines.price"));
  }

  @Test
  void an_unpaired_surrogate_is_refused_by_its_field() {
    Six bad = new Six("c\ud800", 1, 2, true, Instant.EPOCH, Color.RED);

    assertThatThrownBy(() -> write(codec(Six.class), bad))
        .isInstanceOfSatisfying(
            MalformedPayload.class, failure -> assertThat(failure.field()).isEqualTo("customer"));
  }

  @Test
  void nesting_is_bounded_alike_for_reading_and_writing() {
    PayloadCodec<Tree> codec = codec(Tree.class);
    Tree deepest = chain(MessageReader.DEPTH_MAX - 1);

    assertThat(read(codec, write(codec, deepest))).isEqualTo(deepest);
    assertThatThrownBy(() -> write(codec, chain(MessageReader.DEPTH_MAX)))
        .isInstanceOf(MalformedPayload.class)
        .hasMessageContaining("nested deeper than 64");
  }

  @Test
  void hostile_nesting_is_malformed_and_no_stack_overflow() {
    var out = new MessageWriter(BYTES_MAX);
    for (int i = 0; i < 500_000; i++) {
      out.writeMapHeader(1);
      out.writeString("children");
      out.writeArrayHeader(1);
    }

    assertThatThrownBy(() -> read(codec(Tree.class), out.toByteArray()))
        .isInstanceOf(MalformedPayload.class)
        .hasMessageContaining("nested deeper than 64");
  }

  /// A tree so deep that its record within is one record more.
  private static Tree chain(int records) {
    Tree tree = new Tree("leaf", List.of(), new Shape.Nothing(), Optional.empty());
    for (int i = 2; i < records + 1; i++) {
      tree = new Tree("n" + i, List.of(tree), new Shape.Nothing(), Optional.empty());
    }
    return tree;
  }

  @Test
  void a_count_beyond_the_bytes_allocates_nothing() throws Exception {
    for (String field : List.of("integers", "strings", "longs", "deep")) {
      var out = new MessageWriter(BYTES_MAX);
      out.writeMapHeader(1);
      out.writeString(field);
      byte[] header = {(byte) (field.equals("longs") ? 0xDF : 0xDD), 0x7F, -1, -1, -1};
      out.writeRaw(header, 0, header.length);
      assertMalformed(codec(Collections.class), out.toByteArray(), field, "2147483647");
    }
  }

  @Test
  void what_a_constructor_refuses_is_malformed_and_keeps_the_cause() throws Exception {
    byte[] bytes = pack(map("value", ValueFactory.newInteger(-1)));

    assertThatThrownBy(() -> read(codec(Positive.class), bytes))
        .isInstanceOf(MalformedPayload.class)
        .hasMessageContaining("value -1 is not positive")
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void older_versions_are_lifted_step_by_step() throws Exception {
    PayloadCodec<Moved> codec = codec(Moved.class);
    byte[] first = pack(map("name", ValueFactory.newString("Ada Lovelace")));
    byte[] second = write(new SamplePayloads_MovedV2Codec(), new MovedV2("Ada", "Lovelace"));

    assertThat(codec.read(new MessageReader(first), 1))
        .isEqualTo(new Moved("Ada", "Lovelace", Optional.empty()));
    assertThat(codec.read(new MessageReader(second), 2))
        .isEqualTo(new Moved("Ada", "Lovelace", Optional.empty()));
    for (int version : new int[] {-1, 0, 4, 65_536}) {
      assertThatThrownBy(() -> codec.read(new MessageReader(second), version))
          .isInstanceOf(MalformedPayload.class)
          .hasMessageContaining("version " + version);
    }
    assertThatThrownBy(() -> codec.read(new MessageReader(second), 1))
        .isInstanceOf(MalformedPayload.class)
        .hasMessageContaining("MovedV1, field name: the field is missing");
  }

  @Test
  @SuppressWarnings("NullAway")
  void tags_come_from_the_annotated_components() {
    var id = new UUID(1, 2);
    PayloadCodec<Tagged> codec = codec(Tagged.class);

    assertThat(codec.tags(new Tagged("acme", Color.BLUE, Optional.of(id), 7L, "p")))
        .containsExactly("customer:acme", "colour:BLUE", "id:" + id, "number:7");
    assertThat(codec.tags(new Tagged("acme", Color.RED, Optional.empty(), 7L, "p")))
        .containsExactly("customer:acme", "colour:RED", "number:7");
    assertThatThrownBy(() -> codec.tags(new Tagged(null, Color.RED, Optional.empty(), 7L, "p")))
        .isInstanceOf(MalformedPayload.class)
        .hasMessageContaining("customer");
    assertThat(codec(Six.class).tags(six())).isEmpty();
  }

  private static Six six() {
    return new Six(
        "customer 17", 129_900, 3, true, Instant.ofEpochSecond(1_700_000_000), Color.GREEN);
  }

  private static <T extends Record> void assertMalformed(
      PayloadCodec<T> codec, byte[] bytes, String field, String reason) {
    assertThatThrownBy(() -> codec.read(new MessageReader(bytes), codec.version()))
        .isInstanceOfSatisfying(
            MalformedPayload.class,
            failure -> {
              assertThat(failure.payload()).isEqualTo(codec.type().getCanonicalName());
              assertThat(failure.field()).isEqualTo(field);
              assertThat(failure.reason()).contains(reason);
            });
  }

  private static Value array(Value... values) {
    return ValueFactory.newArray(values);
  }

  private static Value map(Object... keysAndValues) {
    var map = new LinkedHashMap<Value, Value>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(ValueFactory.newString((String) keysAndValues[i]), (Value) keysAndValues[i + 1]);
    }
    return ValueFactory.newMap(map);
  }
}
