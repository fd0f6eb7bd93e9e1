# frozen_string_literal: true

# Every Ruby snippet of docs/ruby.md, run against a fake API server.
require "stringio"
require "check"
require "tmpdir"
include Check

page = File.expand_path("../../../docs/ruby.md", __dir__)
snippets = File.read(page).scan(/^```ruby\n(.*?)^```/m).flatten
test("there are snippets") { equal snippets.size >= 7, true }

# What must have been printed where a word is in the snippet.
EXPECTED = { "client.run" => "+ pod-00002", "pods.watch" => "modified Pod default/pod-00000", "prometheus" => "rest_client_requests_total", "find(" => "Deployment" }.freeze

server = K8sc::Testing::Server.start(pods: 3, kinds: [["example.com/v1", "engines", "Engine"]])
client = nil
# In a snippet a client is one of this server, and its loop ends once nothing happens any more.
K8sc.singleton_class.prepend(Module.new do
  define_method(:connect) do |**given, &block|
    next super(**given, &block) unless given.empty?

    client.tap do |made|
      made.define_singleton_method(:run) { nil while step(0.5).positive? }
    end
  end
end)

snippets.each_with_index do |snippet, index|
  test "snippet #{index + 1}: #{snippet.lines.first.strip}" do
    client = server.connect
    printed = StringIO.new
    begin
      $stdout = printed
      Dir.mktmpdir do |directory|
        Dir.chdir(directory) do
          File.write("manifest.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n")
          if snippet.include?("pods.watch")
            Thread.new { sleep 0.3; server.connect.core_v1.pods("default").patch("pod-00000", { metadata: { labels: { snippet: index.to_s } } }) }
          end
          TOPLEVEL_BINDING.dup.tap { |scope| scope.local_variable_set(:client, client) }.eval(snippet, page)
        end
      end
    ensure
      $stdout = STDOUT
      client.close
    end
    EXPECTED.each { |word, text| raise "#{text} was not printed:\n#{printed.string}" if snippet.include?(word) && !printed.string.include?(text) }
  end
end

server.stop
done
