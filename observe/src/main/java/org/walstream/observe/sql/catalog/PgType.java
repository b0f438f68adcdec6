package org.walstream.observe.sql.catalog;

/// A row of pg_type.
///
/// @param element the type of an array's elements; 0 for what is no array
/// @param array the type of arrays of it
/// @param title as `format_type` calls it
public record PgType(
    int oid, String name, int length, int element, int array, char category, String title) {}
