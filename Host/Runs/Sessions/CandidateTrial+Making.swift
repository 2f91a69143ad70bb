package import Configuration
package import PluginHost

extension CandidateTrial {
  /// Loads the plugin as a swap would, with the parameters that the configuration gives the slot
  /// and `given` on top. Of another plugin than the configured one, those that it knows.
  package static func make(
    _ reference: PluginReference, in slot: RecordedSlot, of configuration: Configuration,
    storeDirectory: String, given: [(name: String, value: ParameterValue)], differencesMax: Int,
    probe: @escaping (String) -> PluginHostError?,
    log: @escaping (_ level: Session.Level, _ text: String) -> Void
  ) throws(SessionError) -> CandidateTrial {
    let registry = PluginRegistry(
      storeDirectory: storeDirectory,
      policy: try LoadPolicy(configuration.plugins),
      describedBy: configuration.hasWorkers ? WorkerOptions() : nil)
    if case .id = reference {
      for directory in configuration.plugins.directories {
        _ = registry.scan(directory: directory.path)
      }
    }
    let strategy = configuration.strategies.first { $0.name == slot.name }
    let isolation =
      strategy?.isolation ?? configuration.alphas.first { $0.name == slot.name }?.isolation
      ?? IsolationConfiguration()
    let plugin =
      strategy?.plugin ?? configuration.alphas.first { $0.name == slot.name }?.plugin
    do throws(PluginHostError) {
      let (build, descriptor) = try registry.resolve(
        reference, id: slot.plugin, kind: slot.kind, probe: probe)
      let instance = try PluginInstance(
        build: build, descriptor: descriptor, kind: slot.kind, config: strategy?.config ?? "",
        name: slot.name, instruments: InstrumentTable(slot.instruments),
        placement: isolation.placement(WorkerOptions(), isPaced: false))
      let known = Set(instance.parameters.map(\.name))
      let own = (plugin?.values ?? []).filter { own in
        known.contains(own.name) && !given.contains { $0.name == own.name }
      }
      try instance.set(own + given)
      return try CandidateTrial(
        slot: slot, instance: instance, differencesMax: differencesMax, log: log)
    } catch { throw SessionError(error, at: slot.name) }
  }
}

extension PluginRegistry {
  /// The build and plugin that a reference means: of a library the plugin of the slot's own id,
  /// else the first of its kind.
  func resolve(
    _ reference: PluginReference, id: String, kind: PluginKind,
    probe: @escaping (String) -> PluginHostError?
  ) throws(PluginHostError) -> (PluginBuild, PluginDescriptor) {
    switch reference {
    case .id(let id, let version): return try find(id: id, version: version, probe: probe)
    case .path(let path):
      let build = try load(path: path, probe: probe)
      let fitting = build.descriptors.filter { $0.kinds.contains(kind) }
      guard let descriptor = fitting.first(where: { $0.id == id }) ?? fitting.first else {
        throw PluginHostError(
          .unknownPlugin, path, "it holds no \(kind.rawValue)",
          remedy: "give a library with a plugin of the slot's kind")
      }
      return (build, descriptor)
    }
  }
}
