package io.batpak.processor.model;

import java.util.List;

/// A type that gets methods of its own in the codec.
public sealed interface TypeModel {

  /// {@return its name}
  TypeName name();

  /// A record.
  ///
  /// @param name its name
  /// @param components in the order of declaration, at most {@link #COMPONENT_COUNT_MAX}
  record RecordModel(TypeName name, List<ComponentModel> components) implements TypeModel {

    /// Most components: a reader keeps one bit of a `long` for each, and one for the unknown ones.
    public static final int COMPONENT_COUNT_MAX = 63;

    /// Copies the list.
    public RecordModel {
      components = List.copyOf(components);
    }
  }

  /// A sealed interface of records.
  ///
  /// @param name its name
  /// @param alternatives the permitted records
  record SealedModel(TypeName name, List<TypeName> alternatives) implements TypeModel {
    /// Copies the list.
    public SealedModel {
      alternatives = List.copyOf(alternatives);
    }
  }
}
