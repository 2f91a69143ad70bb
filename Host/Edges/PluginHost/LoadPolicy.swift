/// Which shared objects this host takes in, and how many.
package struct LoadPolicy: Sendable {
  /// Trust is a matter of configuration: a bare `.so` carries no signature.
  package var allowUnsigned: Bool
  /// What a plugin may be linked against. All else could run code of its own in the host, and
  /// would take the plugin out of the guard's reach.
  package var neededLibrariesAllowed: Set<String>
  /// Builds are never unmapped, so each one stays until the host ends.
  package var residentBuildsMax: Int
  package var fileBytesMax: Int

  package init(
    allowUnsigned: Bool = true, neededLibrariesAllowed: Set<String> = LoadPolicy.systemLibraries,
    residentBuildsMax: Int = 64, fileBytesMax: Int = 256 << 20
  ) {
    self.allowUnsigned = allowUnsigned
    self.neededLibrariesAllowed = neededLibrariesAllowed
    self.residentBuildsMax = residentBuildsMax
    self.fileBytesMax = fileBytesMax
  }

  /// The C library, in the parts that linkers name. `.ci/test-real` reads this list.
  package static let systemLibraries: Set<String> = [
    "libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
  ]
}
