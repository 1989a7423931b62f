package io.batpak.processor.frozen;

import io.batpak.processor.model.ComponentModel;
import io.batpak.processor.model.Heights;
import io.batpak.processor.model.PayloadModel;
import io.batpak.processor.model.ScalarType;
import io.batpak.processor.model.TypeModel;
import io.batpak.processor.model.TypeModel.RecordModel;
import io.batpak.processor.model.TypeModel.SealedModel;
import io.batpak.processor.model.TypeName;
import io.batpak.processor.model.ValueModel;
import io.batpak.processor.model.ValueModel.EnumValue;
import io.batpak.processor.model.ValueModel.ListValue;
import io.batpak.processor.model.ValueModel.MapValue;
import io.batpak.processor.model.ValueModel.OptionalValue;
import io.batpak.processor.model.ValueModel.Reference;
import io.batpak.processor.model.ValueModel.Scalar;
import io.batpak.processor.model.ValueModel.SetValue;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Makes sample payloads from a model, always the same from the same. There are as many as it takes
/// to show every enum constant and every alternative once; integers are so large that a narrower
/// type would not fit.
public final class Sampler {

  /// Most samples of one payload; enums with more constants are sampled in part.
  private static final int SAMPLE_COUNT_MAX = 256;

  /// How deep types are sampled that contain themselves.
  private static final int DEPTH_MAX = 3;

  private final PayloadModel payload;
  private final Heights heights;
  private final int round;
  private final int rounds;
  private final Packer out = new Packer();

  private Sampler(PayloadModel payload, int round, int rounds) {
    this.payload = payload;
    this.heights = new Heights(payload.types());
    this.round = round;
    this.rounds = rounds;
  }

  /// {@return sample payloads, each one MessagePack value}
  ///
  /// @param payload the model
  public static List<byte[]> samples(PayloadModel payload) {
    int rounds = count(payload);
    return IntStream.range(0, rounds)
        .mapToObj(round -> new Sampler(payload, round, rounds).sample())
        .toList();
  }

  private static int count(PayloadModel payload) {
    int count = 2;
    for (TypeModel type : payload.types().values()) {
      count =
          Math.max(
              count,
              switch (type) {
                case SealedModel(_, var alternatives) -> alternatives.size() + 1;
                case RecordModel(_, var components) ->
                    components.stream().mapToInt(it -> count(it.value())).max().orElse(1);
              });
    }
    return Math.min(count, SAMPLE_COUNT_MAX);
  }

  private static int count(ValueModel value) {
    return switch (value) {
      case EnumValue(_, var constants) -> constants.size();
      case OptionalValue(var element) -> count(element) + 1;
      case ListValue(var element) -> count(element);
      case SetValue(var element) -> count(element);
      case MapValue(var element) -> count(element);
      case Scalar _, Reference _ -> 1;
    };
  }

  private byte[] sample() {
    type(payload.root(), 0);
    return out.bytes();
  }

  private void type(TypeModel type, int depth) {
    switch (type) {
      case RecordModel(_, var components) -> {
        out.map(components.size());
        for (ComponentModel component : components) {
          out.text(component.name());
          value(component.value(), component.name(), depth);
        }
      }
      case SealedModel(_, var alternatives) -> {
        TypeName alternative =
            depth < DEPTH_MAX
                ? alternatives.get(round % alternatives.size())
                : alternatives.stream().min(Comparator.comparingInt(heights::of)).orElseThrow();
        out.map(1);
        out.text(alternative.simpleName());
        type(payload.type(alternative), depth + 1);
      }
    }
  }

  private void value(ValueModel value, String name, int depth) {
    boolean empty = depth >= DEPTH_MAX;
    switch (value) {
      case Scalar(var type, _) -> scalar(type, name);
      case EnumValue(_, var constants) -> out.text(constants.get(round % constants.size()));
      case Reference(var type) -> type(payload.type(type), depth + 1);
      case OptionalValue(var element) -> {
        // the last round is the empty one, so that the others show every constant
        if (empty || round == rounds - 1) {
          out.nil();
        } else {
          value(element, name, depth);
        }
      }
      case ListValue(var element) -> {
        // two equal elements, which a set would refuse
        out.array(empty ? 0 : 2);
        for (int i = 0; i < (empty ? 0 : 2); i++) {
          value(element, name, depth);
        }
      }
      case SetValue(var element) -> {
        out.array(empty ? 0 : 1);
        if (!empty) {
          value(element, name, depth);
        }
      }
      case MapValue(var element) -> {
        out.map(empty ? 0 : 1);
        if (!empty) {
          out.text("key of " + name);
          value(element, name, depth);
        }
      }
    }
  }

  private void scalar(ScalarType type, String name) {
    int sign = round % 2 == 0 ? -1 : 1;
    switch (type) {
      case BOOLEAN -> out.bool(sign < 0);
      case BYTE -> out.integer(sign * 101L);
      case SHORT -> out.integer(sign * 30_101L);
      case INT -> out.integer(sign * 2_000_000_101L);
      case LONG -> out.integer(sign * 9_000_000_000_000_000_101L);
      case CHAR -> out.integer(0xFFE5);
      case FLOAT -> out.single(sign * 1.5f);
      case DOUBLE -> out.wide(sign * 0.1);
      case STRING -> out.text("text of " + name + ", ünï 🙂");
      case BYTES -> out.binary(new byte[] {0, -1, 127});
      case UUID ->
          out.binary(
              new byte[] {18, 62, 69, 103, -24, -101, 18, -45, -92, 86, 66, 102, 20, 23, 64, 0});
      case INSTANT -> out.timestamp(1_709_208_000L, 123_456_789);
      case DURATION -> {
        out.array(2);
        out.integer(-3);
        out.integer(500_000_000);
      }
      case LOCAL_DATE -> out.text("2024-02-29");
      case BIG_DECIMAL -> out.text("-12345.67890");
      case BIG_INTEGER -> out.text("123456789012345678901234567890");
    }
  }
}
