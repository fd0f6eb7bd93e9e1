# frozen_string_literal: true

# Logs of pods, bodies that come in time, and what a kubeconfig offers.
require "check"
require "socket"
require "tempfile"
require "timeout"
include Check

server = K8sc::Testing::Server.start(pods: 3)
client = server.connect
pods = client.core_v1.pods("default")

# A server that answers each request with these pieces, one after the other, and remembers the request's first line. nil: the connection stays open.
def pieces(*pieces)
  listener = TCPServer.new("127.0.0.1", 0)
  asked = Thread::Queue.new
  open = []
  thread = Thread.new do
    loop do
      socket = listener.accept
      asked << socket.gets
      nil until socket.gets == "\r\n"
      socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
      pieces.each do |piece|
        break open << socket if piece.nil?

        socket.write("#{piece.bytesize.to_s(16)}\r\n".b + piece.b + "\r\n".b)
        socket.flush
        sleep 0.05
      end
      next if pieces.include?(nil)

      socket.write("0\r\n\r\n")
      socket.close
    rescue SystemCallError
      nil
    end
  end
  K8sc.connect(server: "http://127.0.0.1:#{listener.addr[1]}") { |own| yield own.core_v1.pods("a b"), asked }
ensure
  thread&.kill
  listener&.close
end

test "a log as text" do
  pieces("one\ntwo\n") do |own, asked|
    equal own.log("web"), "one\ntwo\n"
    equal asked.pop, "GET /api/v1/namespaces/a%20b/pods/web/log HTTP/1.1\r\n"
    own.log("web", container: "c&d", tail_lines: 10, since_time: Time.at(0), previous: true)
    equal asked.pop, "GET /api/v1/namespaces/a%20b/pods/web/log?container=c%26d&previous=true&sinceTime=1970-01-01T00%3A00%3A00Z&tailLines=10 HTTP/1.1\r\n"
  end
  raises(K8sc::NotFound) { pods.log("none") }
  raises(ArgumentError, /log: unknown keyword :tail_line; did you mean tail_lines/) { pods.log("web", tail_line: 1) }
  raises(ArgumentError, /would not end with follow/) { pods.log("web", follow: true) }
  raises(TypeError, /log: name expected/) { pods.log(nil) }
end

test "a log line by line, whatever the pieces are" do
  euro = "€".b
  pieces("one\r\n\nt", "wo\n", euro[0], euro[1..] + "\nlast".b) do |own, asked|
    lines = own.log_lines("web", follow: true).to_a
    equal lines, ["one\r", "", "two", "€", "last"]
    equal lines.map(&:encoding).uniq, [Encoding::UTF_8]
    equal asked.pop.include?("follow=true"), true
    seen = []
    own.log_lines("web") { |line| seen << line }
    equal seen, lines
    equal own.log_lines("web").first, "one\r"
  end
  raises(K8sc::NotFound) { pods.log_lines("none").to_a }
end

test "lines come as they are written, and end when they are told to" do
  pieces("one\ntw", nil) do |own, _|
    lines = own.log_lines("web", follow: true)
    equal lines.next(timeout: 10), "one"
    raises(K8sc::Timeout) { lines.next(timeout: 0.05) }
    Thread.new { sleep 0.05; lines.cancel }
    equal lines.next(timeout: 10), nil
    equal lines.ended?, true
    waiting = Thread.new { own.log_lines("web", follow: true) { |_| } }
    sleep 0.1
    waiting.kill
    equal waiting.join(10), waiting
    raises(::Timeout::Error) { ::Timeout.timeout(0.1) { own.log_lines("web", follow: true) { |_| } } }
    token = K8sc::Core.cancel_new
    lines = own.log_lines("web", cancel: token)
    equal lines.next, "one"
    token.cancel
    equal lines.next(timeout: 10), "tw"
    raises(K8sc::Cancelled) { lines.next(timeout: 10) }
  end
end

test "the fake server has logs, and they are followed" do
  server.set_pod_log("default", "pod-00000", "main", "one\ntwo\n")
  equal pods.log("pod-00000", container: "main", tail_lines: 1), "two\n"
  lines = pods.log_lines("pod-00000", container: "main", follow: true)
  equal [lines.next, lines.next], %w[one two]
  server.append_pod_log("default", "pod-00000", "main", "three\n")
  equal lines.next(timeout: 10), "three"
  pods.delete("pod-00000")
  equal lines.next(timeout: 10), nil
end

test "what breaks is told after the lines before it" do
  server.fault(verb: "watch", cut_after_bytes: 20)
  lines = client.lines("GET", "/api/v1/namespaces/default/pods", query: { watch: 1 })
  equal lines.next.bytesize, 20
  raises(K8sc::ConnectionError, /transfer closed/) { lines.next }
  equal lines.next, nil
end

test "contexts are read without a client" do
  text = <<~YAML
    apiVersion: v1
    kind: Config
    current-context: prod
    clusters: [{name: c, cluster: {server: "https://c"}}]
    users: [{name: u, user: {token: secret}}]
    contexts:
    - {name: test, context: {cluster: c, user: u}}
    - {name: prod, context: {cluster: c, user: u, namespace: shop}}
  YAML
  equal K8sc.contexts(text).map(&:to_a), [["prod", "c", "u", "shop", true], ["test", "c", "u", nil, false]]
  Tempfile.create("kubeconfig") do |file|
    file.write(text)
    file.flush
    equal K8sc.contexts(file.path).find(&:current?).name, "prod"
  end
  raises(K8sc::Error, %r{/nowhere/at/all}) { K8sc.contexts("/nowhere/at/all") }
end

test "a kubeconfig is read, edited and written" do
  kubeconfig = K8sc.kubeconfig(server.kubeconfig)
  kubeconfig.set_user("other", '{"token":"secret"}')
  kubeconfig.set_context("second", JSON.generate(cluster: kubeconfig.cluster_name(0), user: "other", namespace: "shop"))
  equal kubeconfig.context_count, 2
  equal kubeconfig.redacted.include?("secret"), false
  Tempfile.create("kubeconfig") do |file|
    kubeconfig.write(file.path)
    K8sc.connect(kubeconfig: file.path, overrides: { context: "second", token: "another" }) { |own| equal own.default_namespace, "shop" }
  end
  K8sc.connect(kubeconfig: server.kubeconfig, overrides: { namespace: "here" }) { |own| equal own.default_namespace, "here" }
  raises(K8sc::ConfigError, /none/) { K8sc.connect(kubeconfig: server.kubeconfig, overrides: { context: "none" }) }
  raises(ArgumentError, /not together/) { K8sc.connect(context: "a", overrides: {}) }
  raises(ArgumentError, /unknown keyword :contxt; did you mean context/) { K8sc.connect(overrides: { contxt: "a" }) }
end

test "a retry policy, of a client and of a call" do
  quick = { statuses: [500], backoff: [0.001, 0.002] }
  rule = server.fault(verb: "list", resource: "configmaps", times: 2, status: { code: 500 })
  server.connect(retry_policy: quick) { |own| own.core_v1.configmaps("default").list }
  equal server.fault_count(rule), 2
  rule = server.fault(verb: "list", resource: "configmaps", times: 1, status: { code: 500 })
  client.core_v1.configmaps("default").list(retry_policy: quick)
  equal server.fault_count(rule), 1
  raises(ArgumentError, /unknown keyword :status; did you mean statuses/) { server.connect(retry_policy: { status: 500 }) }
  raises(K8sc::InvalidArgument, /200/) { server.connect(retry_policy: { statuses: [200] }) }
end

client.close
server.stop
done
