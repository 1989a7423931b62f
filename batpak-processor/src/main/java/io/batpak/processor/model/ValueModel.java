package io.batpak.processor.model;

import java.util.List;

/// The type of a component or of an element in one.
public sealed interface ValueModel {

  /// One MessagePack value.
  ///
  /// @param type which
  /// @param nullable whether Java allows a null there, which is to be refused
  record Scalar(ScalarType type, boolean nullable) implements ValueModel {}

  /// A constant of an enum.
  ///
  /// @param name the enum
  /// @param constants their names, in the order of declaration
  record EnumValue(TypeName name, List<String> constants) implements ValueModel {
    /// Copies the list.
    public EnumValue {
      constants = List.copyOf(constants);
    }
  }

  /// A value or none.
  ///
  /// @param element the value
  record OptionalValue(ValueModel element) implements ValueModel {}

  /// A list.
  ///
  /// @param element its elements
  record ListValue(ValueModel element) implements ValueModel {}

  /// A set, in the order of writing.
  ///
  /// @param element its elements
  record SetValue(ValueModel element) implements ValueModel {}

  /// A map with string keys, in the order of writing.
  ///
  /// @param element its values
  record MapValue(ValueModel element) implements ValueModel {}

  /// A record or a sealed interface, to be looked up in {@link PayloadModel#types}, as it may
  /// contain itself.
  ///
  /// @param name its name
  record Reference(TypeName name) implements ValueModel {}
}
