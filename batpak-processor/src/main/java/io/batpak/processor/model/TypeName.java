package io.batpak.processor.model;

/// The name of a class in two parts.
///
/// @param packageName dotted, empty for the unnamed package
/// @param nestedName the simple names from the top-level class inwards, dotted
public record TypeName(String packageName, String nestedName) {

  /// {@return the name as an import would say it}
  public String qualifiedName() {
    return packageName.isEmpty() ? nestedName : packageName + "." + nestedName;
  }

  /// {@return the innermost simple name}
  public String simpleName() {
    return nestedName.substring(nestedName.lastIndexOf('.') + 1);
  }

  /// {@return the outermost simple name}
  public String topLevelName() {
    int dot = nestedName.indexOf('.');
    return dot < 0 ? nestedName : nestedName.substring(0, dot);
  }

  /// {@return the codec that is generated for the payload of this name}
  public TypeName codec() {
    return new TypeName(packageName, nestedName.replace('.', '_') + "Codec");
  }

  @Override
  public String toString() {
    return qualifiedName();
  }
}
