package io.batpak.processor.model;

import io.batpak.processor.model.TypeModel.RecordModel;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// A payload and all it consists of.
///
/// @param name the record
/// @param key kind and version
/// @param types the record itself, then every record and sealed interface within, in the order of
///   discovery
/// @param upcaster from the version before, if there is one
public record PayloadModel(
    TypeName name,
    PayloadKey key,
    SequencedMap<TypeName, TypeModel> types,
    Optional<Upcaster> upcaster) {

  /// Copies the map.
  public PayloadModel {
    types = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(types));
  }

  /// {@return the payload record itself}
  public RecordModel root() {
    return (RecordModel) type(name);
  }

  /// {@return the type of a name}
  ///
  /// @param name the name of the payload or of a type within
  public TypeModel type(TypeName name) {
    TypeModel type = types.get(name);
    if (type == null) {
      throw new IllegalArgumentException(name + " is not a part of " + this.name);
    }
    return type;
  }
}
