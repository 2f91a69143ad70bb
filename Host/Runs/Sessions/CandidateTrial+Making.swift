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
      describesInWorkers: configuration.hasWorkers)
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
        id: slot.plugin, kind: slot.kind,
        try registry.intake.prepare(reference, probe: probe))
      let instance = try PluginInstance(
        build: build, descriptor: descriptor, kind: slot.kind, config: strategy?.config ?? "",
        name: slot.name, instruments: InstrumentTable(slot.instruments),
        placement: isolation.placement(of: build, WorkerOptions(), isPaced: false))
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
