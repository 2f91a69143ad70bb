import PluginSDK

@c(keel_entry_v0) public func entry() -> PluginEntry { export(BarCrossover.self) }
