@main
struct Benchmarks {
  static func main() {
    let plugins = BenchmarkPlugins()
    CallBenchmarks(plugins: plugins).run()
    TurnBenchmarks(plugins: plugins).run()
    LoadBenchmarks(plugins: plugins).run()
    SwapBenchmarks(plugins: plugins).run()
  }
}
