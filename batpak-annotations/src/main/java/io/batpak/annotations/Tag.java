package io.batpak.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a payload component whose value becomes a tag of the event, as `name:value`.
///
/// Fits `String`, enums, `UUID`, integers and `Optional` of these; an empty optional gives no tag.
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.RECORD_COMPONENT)
public @interface Tag {

  /// {@return the name before the colon; empty takes the name of the component}
  String value() default "";
}
