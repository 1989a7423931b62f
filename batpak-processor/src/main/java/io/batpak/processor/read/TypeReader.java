package io.batpak.processor.read;

import io.batpak.annotations.EventPayload;
import io.batpak.processor.check.Problem;
import io.batpak.processor.check.Problems;
import io.batpak.processor.model.ComponentModel;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.tools.JavaFileObject;

/// Reads the types within one payload, each record and sealed interface once.
final class TypeReader {

  private static final Map<String, ScalarType> SCALARS =
      Map.ofEntries(
          Map.entry("java.lang.Boolean", ScalarType.BOOLEAN),
          Map.entry("java.lang.Byte", ScalarType.BYTE),
          Map.entry("java.lang.Short", ScalarType.SHORT),
          Map.entry("java.lang.Integer", ScalarType.INT),
          Map.entry("java.lang.Long", ScalarType.LONG),
          Map.entry("java.lang.Character", ScalarType.CHAR),
          Map.entry("java.lang.Float", ScalarType.FLOAT),
          Map.entry("java.lang.Double", ScalarType.DOUBLE),
          Map.entry("java.lang.String", ScalarType.STRING),
          Map.entry("java.util.UUID", ScalarType.UUID),
          Map.entry("java.time.Instant", ScalarType.INSTANT),
          Map.entry("java.time.Duration", ScalarType.DURATION),
          Map.entry("java.time.LocalDate", ScalarType.LOCAL_DATE),
          Map.entry("java.math.BigDecimal", ScalarType.BIG_DECIMAL),
          Map.entry("java.math.BigInteger", ScalarType.BIG_INTEGER));

  private final Elements elements;
  private final Problems problems;
  private final TypeElement payload;
  private final String packageName;
  private final SequencedMap<TypeName, TypeModel> types = new LinkedHashMap<>();
  private final Set<TypeName> begun = new HashSet<>();
  private boolean unresolved;

  TypeReader(TypeElement payload, Elements elements, Problems problems) {
    this.payload = payload;
    this.elements = elements;
    this.problems = problems;
    this.packageName = packageOf(payload);
  }

  /// {@return the payload and everything within, in the order of discovery}
  SequencedMap<TypeName, TypeModel> read() {
    readRecord(payload, payload);
    return types;
  }

  /// {@return whether a type is not known, or not yet, as another processor may be about to write
  /// it}
  boolean unresolved() {
    return unresolved;
  }

  TypeName nameOf(TypeElement type) {
    String name = packageOf(type);
    String qualified = type.getQualifiedName().toString();
    return new TypeName(name, name.isEmpty() ? qualified : qualified.substring(name.length() + 1));
  }

  /// {@return whether generated code in the payload's package can name a type}
  boolean accessible(TypeElement type) {
    boolean samePackage = packageOf(type).equals(packageName);
    for (Element e = type; e instanceof TypeElement; e = e.getEnclosingElement()) {
      Set<Modifier> modifiers = e.getModifiers();
      if (modifiers.contains(Modifier.PRIVATE)
          || !samePackage && !modifiers.contains(Modifier.PUBLIC)) {
        return false;
      }
    }
    return true;
  }

  private String packageOf(TypeElement type) {
    return elements.getPackageOf(type).getQualifiedName().toString();
  }

  private void readRecord(TypeElement type, Element place) {
    TypeName name = nameOf(type);
    if (!begun.add(name)) {
      return;
    }
    types.put(name, new RecordModel(name, List.of()));
    List<? extends RecordComponentElement> sources = type.getRecordComponents();
    if (sources.size() > RecordModel.COMPONENT_COUNT_MAX) {
      problems.report(
          Problem.TOO_MANY_COMPONENTS,
          placeOf(type, place),
          type.getSimpleName(),
          sources.size(),
          RecordModel.COMPONENT_COUNT_MAX);
      return;
    }
    var tags = new TagReader(elements, problems, type.equals(payload));
    var components = new ArrayList<ComponentModel>();
    for (RecordComponentElement source : sources) {
      Element here = placeOf(source, place);
      readValue(source.asType(), here)
          .ifPresent(value ->
              components.add(
                  new ComponentModel(
                      source.getSimpleName().toString(),
                      value,
                      FallbackReader.read(source, value, here, elements, problems),
                      tags.read(source, value, here))));
    }
    types.put(name, new RecordModel(name, components));
  }

  /// A problem within a class file is reported where the source uses it.
  private Element placeOf(Element element, Element otherwise) {
    JavaFileObject file = elements.getFileObjectOf(element);
    return file != null && file.getKind() == JavaFileObject.Kind.SOURCE ? element : otherwise;
  }

  private Optional<ValueModel> readValue(TypeMirror type, Element place) {
    if (type.getKind().isPrimitive()) {
      return Optional.of(new Scalar(ScalarType.valueOf(type.getKind().name()), false));
    }
    if (type instanceof ArrayType array) {
      return array.getComponentType().getKind() == TypeKind.BYTE
          ? Optional.of(new Scalar(ScalarType.BYTES, true))
          : unsupported(type, place, "the only array is byte[]; use a List");
    }
    if (type.getKind() == TypeKind.ERROR) {
      unresolved = true;
      return Optional.empty();
    }
    if (type instanceof DeclaredType declared
        && declared.asElement() instanceof TypeElement element) {
      return readDeclared(declared, element, place);
    }
    return unsupported(type, place, "it is not a definite type");
  }

  private Optional<ValueModel> readDeclared(DeclaredType type, TypeElement element, Element place) {
    String name = element.getQualifiedName().toString();
    ScalarType scalar = SCALARS.get(name);
    if (scalar != null) {
      return Optional.of(new Scalar(scalar, true));
    }
    return switch (name) {
      case "java.util.List" -> element(type, place, 0).map(ListValue::new);
      case "java.util.Set" -> readSet(type, place);
      case "java.util.Map" -> readMap(type, place);
      case "java.util.Optional" -> readOptional(type, place);
      default -> readNamed(type, element, place);
    };
  }

  private Optional<ValueModel> readNamed(DeclaredType type, TypeElement element, Element place) {
    if (!element.getTypeParameters().isEmpty()) {
      String name = element.getQualifiedName().toString();
      if (name.startsWith("java.")) {
        return unsupported(type, place, "use List, Set, Map or Optional");
      }
      return refuse(Problem.GENERIC_TYPE, place, name);
    }
    boolean known =
        element.getKind() == ElementKind.ENUM
            || element.getKind() == ElementKind.RECORD
            || sealedInterface(element);
    if (!known) {
      return unsupported(type, place, "it is neither a record, an enum nor a sealed interface");
    }
    if (!accessible(element)) {
      return refuse(Problem.INACCESSIBLE_TYPE, place, packageName, element.getQualifiedName());
    }
    return switch (element.getKind()) {
      case ENUM -> readEnum(type, element, place);
      case RECORD -> readNestedRecord(type, element, place);
      default -> readSealed(element, place);
    };
  }

  private Optional<ValueModel> readEnum(DeclaredType type, TypeElement element, Element place) {
    List<String> constants =
        element.getEnclosedElements().stream()
            .filter(member -> member.getKind() == ElementKind.ENUM_CONSTANT)
            .map(member -> member.getSimpleName().toString())
            .toList();
    return constants.isEmpty()
        ? unsupported(type, place, "it has no constants")
        : Optional.of(new EnumValue(nameOf(element), constants));
  }

  private Optional<ValueModel> readNestedRecord(
      DeclaredType type, TypeElement element, Element place) {
    boolean another = !element.equals(payload);
    if (another && Annotated.find(element, EventPayload.class, elements).isPresent()) {
      return unsupported(
          type, place, "it is a payload itself, whose versions would change this one unseen");
    }
    readRecord(element, place);
    return Optional.of(new Reference(nameOf(element)));
  }

  private Optional<ValueModel> readSealed(TypeElement element, Element place) {
    TypeName name = nameOf(element);
    if (!begun.add(name)) {
      return Optional.of(new Reference(name));
    }
    types.put(name, new SealedModel(name, List.of()));
    Element here = placeOf(element, place);
    var alternatives = new ArrayList<TypeName>();
    var simpleNames = new HashSet<String>();
    for (TypeMirror permitted : element.getPermittedSubclasses()) {
      if (!(permitted instanceof DeclaredType declared)
          || !(declared.asElement() instanceof TypeElement alternative)
          || alternative.getKind() != ElementKind.RECORD) {
        return refuse(Problem.SEALED_NOT_RECORDS, here, element.getSimpleName(), permitted);
      }
      if (!simpleNames.add(alternative.getSimpleName().toString())) {
        return refuse(
            Problem.SEALED_SAME_NAME, here, element.getSimpleName(), alternative.getSimpleName());
      }
      if (readNamed(declared, alternative, placeOf(alternative, here)).isEmpty()) {
        return Optional.empty();
      }
      alternatives.add(nameOf(alternative));
    }
    types.put(name, new SealedModel(name, alternatives));
    return Optional.of(new Reference(name));
  }

  private static boolean sealedInterface(TypeElement element) {
    return element.getKind() == ElementKind.INTERFACE
        && element.getModifiers().contains(Modifier.SEALED);
  }

  private Optional<ValueModel> readOptional(DeclaredType type, Element place) {
    Optional<ValueModel> element = element(type, place, 0);
    if (element.orElse(null) instanceof OptionalValue) {
      return unsupported(type, place, "an empty Optional within an Optional would be lost");
    }
    return element.map(OptionalValue::new);
  }

  private Optional<ValueModel> readSet(DeclaredType type, Element place) {
    Optional<ValueModel> element = element(type, place, 0);
    if (element.orElse(null) instanceof Scalar(var scalar, _) && scalar == ScalarType.BYTES) {
      return unsupported(type, place, "arrays are never equal, so that a set of them is none");
    }
    return element.map(SetValue::new);
  }

  private Optional<ValueModel> readMap(DeclaredType type, Element place) {
    Optional<ValueModel> key = element(type, place, 0);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    if (!(key.get() instanceof Scalar(var scalar, _)) || scalar != ScalarType.STRING) {
      return refuse(Problem.MAP_KEY_NOT_STRING, place, type);
    }
    return element(type, place, 1).map(MapValue::new);
  }

  private Optional<ValueModel> element(DeclaredType type, Element place, int index) {
    List<? extends TypeMirror> arguments = type.getTypeArguments();
    if (arguments.size() <= index) {
      return unsupported(type, place, "its type argument is missing");
    }
    return readValue(arguments.get(index), place);
  }

  private Optional<ValueModel> unsupported(TypeMirror type, Element place, String reason) {
    return refuse(Problem.UNSUPPORTED_TYPE, place, type, reason);
  }

  private Optional<ValueModel> refuse(Problem problem, Element place, Object... values) {
    problems.report(problem, place, values);
    return Optional.empty();
  }
}
