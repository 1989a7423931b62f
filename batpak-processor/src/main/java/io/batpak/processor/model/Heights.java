package io.batpak.processor.model;

import io.batpak.processor.model.TypeModel.RecordModel;
import io.batpak.processor.model.TypeModel.SealedModel;
import io.batpak.processor.model.ValueModel.Reference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many records the smallest value of each type has within one another. Types may contain
/// themselves; one that always does has no finite value.
public final class Heights {

  private static final int ENDLESS = Integer.MAX_VALUE;

  private final Map<TypeName, Integer> heights = new HashMap<>();

  /// Finds the heights of all types of a payload.
  ///
  /// @param types the types
  public Heights(Map<TypeName, TypeModel> types) {
    // a round settles at least one type, as long as one can be settled
    for (int round = 0; round < types.size(); round++) {
      types.values().forEach(type -> heights.merge(type.name(), height(type), Math::min));
    }
  }

  /// {@return the types without a finite value, in the order of the map}
  ///
  /// @param types the types
  public static List<TypeName> endless(Map<TypeName, TypeModel> types) {
    var heights = new Heights(types);
    return types.keySet().stream().filter(name -> heights.of(name) == ENDLESS).toList();
  }

  /// {@return the height of a type}
  ///
  /// @param name the type
  public int of(TypeName name) {
    return heights.getOrDefault(name, ENDLESS);
  }

  private int height(TypeModel type) {
    return switch (type) {
      case RecordModel(_, var components) -> {
        int inner = components.stream().mapToInt(it -> height(it.value())).max().orElse(0);
        yield inner == ENDLESS ? ENDLESS : inner + 1;
      }
      case SealedModel(_, var alternatives) ->
          alternatives.stream().mapToInt(this::of).min().orElse(ENDLESS);
    };
  }

  /// Collections and optionals may be empty, so only a direct reference counts.
  private int height(ValueModel value) {
    return value instanceof Reference(var name) ? of(name) : 0;
  }
}
