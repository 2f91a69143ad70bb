import Configuration
import PluginHost
import Research
import Wording

/// The plugins that a configuration uses, looked into before the first trial: a mistake in a name
/// would fail every one of them.
struct SearchedPlugins {
  private struct Use {
    let slot: String
    let build: PluginBuild
    let descriptor: PluginDescriptor
  }

  private let uses: [Use]

  init(_ configuration: Configuration) throws(CommandError) {
    let registry = try PluginCommand.registry(configuration)
    for directory in configuration.plugins.directories {
      _ = registry.scan(directory: directory.path)
    }
    let wanted =
      configuration.strategies.map { ($0.name, $0.plugin) }
      + configuration.alphas.map { ($0.name, $0.plugin) }
      + configuration.data.map { ($0.name, $0.plugin) }
    var uses: [Use] = []
    for (slot, plugin) in wanted {
      do throws(PluginHostError) {
        let (build, descriptor) = try registry.find(id: plugin.id, version: plugin.version)
        uses.append(Use(slot: slot, build: build, descriptor: descriptor))
      } catch { throw CommandError(error) }
    }
    self.uses = uses
  }

  /// Of what every trial runs; other libraries beside them may come and go.
  var fingerprint: String {
    Fingerprint.text(
      uses.map { "\($0.slot) \($0.descriptor.id) \($0.build.hashText)" }.joined(separator: "\n"))
  }

  /// `names` are written SLOT.NAME, as `option` took them.
  func check(_ names: [String], option: String) throws(CommandError) {
    for name in names {
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      guard parts.count == 2, let use = uses.first(where: { $0.slot == parts[0] }) else { continue }
      let known = try PluginCommand.parameters(use.build, use.descriptor).map(\.name)
      guard !known.contains(parts[1]) else { continue }
      throw CommandError(
        .usage, subject: option,
        "\(use.descriptor.id), which slot \(use.slot) runs, has no parameter '\(parts[1])'"
          + Suggestion.phrase(for: parts[1], among: known),
        remedy: known.isEmpty
          ? "It has none"
          : "Use one of: \(known.map { "\(use.slot).\($0)" }.joined(separator: ", "))")
    }
  }
}
