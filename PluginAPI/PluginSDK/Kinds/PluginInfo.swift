/// What a plugin says of itself before any instance of it exists.
public struct PluginInfo {
  /// Reverse domain, never reused: "com.acme.meanrev".
  public var id: StaticString
  public var name: StaticString
  public var vendor: StaticString
  /// Digits and dots, compared number by number: "1.4.2".
  public var version: StaticString
  /// What `save` writes, from 1; raise it whenever those bytes change. 0: there is no state to
  /// keep, and a new version warms up from history instead.
  public var stateVersion: UInt32
  /// The oldest version that `load` reads: the host knows before a swap whether it can succeed.
  public var stateOldest: UInt32
  /// Same events, same answers. True of anything that uses no clock and no chance of its own.
  public var isDeterministic: Bool

  public init(
    id: StaticString, name: StaticString, vendor: StaticString = "", version: StaticString,
    stateVersion: UInt32 = 0, stateOldest: UInt32? = nil, isDeterministic: Bool = true
  ) {
    self.id = id
    self.name = name
    self.vendor = vendor
    self.version = version
    self.stateVersion = stateVersion
    self.stateOldest = stateOldest ?? stateVersion
    self.isDeterministic = isDeterministic
  }
}
