package io.batpak.processor.frozen;

import io.batpak.processor.model.ComponentModel;
import io.batpak.processor.model.PayloadModel;
import io.batpak.processor.model.ScalarType;
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
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Tells whether the codec of a model would decode a sample, by the rules of the generated code.
public final class Fitting {

  private final PayloadModel payload;

  private Fitting(PayloadModel payload) {
    this.payload = payload;
  }

  /// {@return the first thing that does not fit, if there is one}
  ///
  /// @param sample one MessagePack value
  /// @param payload the model
  /// @throws IllegalArgumentException if the sample is not MessagePack
  public static Optional<Misfit> check(byte[] sample, PayloadModel payload) {
    Node node = Unpacker.unpack(sample);
    return new Fitting(payload).record(node, payload.root(), "");
  }

  private Optional<Misfit> record(Node node, RecordModel model, String path) {
    if (!(node instanceof Node.Table(var pairs))) {
      return misfit(path, node, "a record, which is a map");
    }
    for (ComponentModel component : model.components()) {
      String field = path.isEmpty() ? component.name() : path + "." + component.name();
      Optional<Node> stored =
          pairs.stream()
              .filter(pair -> pair.key().equals(component.name()))
              .map(Node.Pair::value)
              .findFirst();
      if (stored.isEmpty() && !component.mayBeMissing()) {
        return Optional.of(
            new Misfit(
                field, "they have no such field, and it has neither a @Default nor is Optional"));
      }
      Optional<Misfit> misfit = stored.flatMap(it -> value(it, component.value(), field));
      if (misfit.isPresent()) {
        return misfit;
      }
    }
    return Optional.empty();
  }

  private Optional<Misfit> value(Node node, ValueModel model, String path) {
    return switch (model) {
      case Scalar(var type, _) ->
          fits(node, type)
              ? Optional.empty()
              : misfit(path, node, article(type.javaName()) + " " + type.javaName());
      case EnumValue(var name, var constants) ->
          node instanceof Node.Text(var text) && constants.contains(text)
              ? Optional.empty()
              : misfit(path, node, "a constant of " + name.simpleName());
      case OptionalValue(var element) ->
          node instanceof Node.Nil ? Optional.empty() : value(node, element, path);
      case ListValue(var element) ->
          node instanceof Node.Array(var elements)
              ? all(elements, element, path)
              : misfit(path, node, "a List, which is an array");
      case SetValue(var element) -> set(node, element, path);
      case MapValue(var element) ->
          node instanceof Node.Table(var pairs)
              ? all(pairs.stream().map(Node.Pair::value).toList(), element, path)
              : misfit(path, node, "a Map, which is a map");
      case Reference(var name) -> reference(node, name, path);
    };
  }

  private Optional<Misfit> set(Node node, ValueModel element, String path) {
    if (!(node instanceof Node.Array(var elements))) {
      return misfit(path, node, "a Set, which is an array");
    }
    return new HashSet<>(elements).size() < elements.size()
        ? misfit(path, node, "a Set, which holds nothing twice")
        : all(elements, element, path);
  }

  private Optional<Misfit> reference(Node node, TypeName name, String path) {
    return switch (payload.type(name)) {
      case RecordModel typed -> record(node, typed, path);
      case SealedModel(_, var alternatives) -> sealed(node, name, alternatives, path);
    };
  }

  private Optional<Misfit> sealed(
      Node node, TypeName name, List<TypeName> alternatives, String path) {
    if (!(node instanceof Node.Table(var pairs)) || pairs.size() != 1) {
      return misfit(path, node, name.simpleName() + ", which is a map of one");
    }
    String key = pairs.getFirst().key();
    for (TypeName alternative : alternatives) {
      if (alternative.simpleName().equals(key)) {
        return value(pairs.getFirst().value(), new Reference(alternative), path);
      }
    }
    return Optional.of(
        new Misfit(
            path,
            "they hold the alternative "
                + key
                + ", which "
                + name.simpleName()
                + " does not permit"));
  }

  private Optional<Misfit> all(List<Node> nodes, ValueModel element, String path) {
    return nodes.stream().flatMap(node -> value(node, element, path).stream()).findFirst();
  }

  private static boolean fits(Node node, ScalarType type) {
    return switch (type) {
      case BOOLEAN -> node instanceof Node.Bool;
      case BYTE -> within(node, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case SHORT -> within(node, Short.MIN_VALUE, Short.MAX_VALUE);
      case INT -> within(node, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> node instanceof Node.Int;
      case CHAR -> within(node, Character.MIN_VALUE, Character.MAX_VALUE);
      case FLOAT -> node instanceof Node.Decimal(_, boolean wide) && !wide;
      case DOUBLE -> node instanceof Node.Decimal;
      case STRING -> node instanceof Node.Text;
      case BYTES -> node instanceof Node.Binary;
      case UUID -> node instanceof Node.Binary(int count) && count == 16;
      case INSTANT -> node instanceof Node.Extension(int extension, _) && extension == -1;
      case DURATION ->
          node instanceof Node.Array(var elements)
              && elements.size() == 2
              && elements.getFirst() instanceof Node.Int
              && within(elements.getLast(), 0, 999_999_999);
      case LOCAL_DATE, BIG_DECIMAL, BIG_INTEGER ->
          node instanceof Node.Text(String text) && parses(text, type);
    };
  }

  private static boolean within(Node node, long min, long max) {
    return node instanceof Node.Int(long value) && value >= min && value <= max;
  }

  private static boolean parses(String text, ScalarType type) {
    try {
      Object _ =
          switch (type) {
            case LOCAL_DATE -> LocalDate.parse(text);
            case BIG_DECIMAL -> new BigDecimal(text);
            default -> new BigInteger(text);
          };
      return true;
    } catch (DateTimeException | NumberFormatException _) {
      return false;
    }
  }

  private static String article(String name) {
    return "AEIOaeio".indexOf(name.charAt(0)) < 0 ? "a" : "an";
  }

  private static Optional<Misfit> misfit(String path, Node node, String expected) {
    return Optional.of(new Misfit(path, "they hold " + node.label() + ", expected is " + expected));
  }
}
