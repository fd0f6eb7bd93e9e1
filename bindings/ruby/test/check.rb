# frozen_string_literal: true

# The whole of the test runner: each test is a block, a failure is an exception, the output says which.
require "k8sc/testing"

module Check
  FAILED = []

  module_function

  def test(name)
    yield
    puts "ok - #{name}"
  rescue Exception => e # rubocop:disable Lint/RescueException
    raise if e.is_a?(SystemExit)

    FAILED << name
    puts "not ok - #{name}", e.full_message(highlight: false).gsub(/^/, "# ")
  end

  def equal(actual, expected, what = "value")
    raise "#{what}: #{expected.inspect} expected, got #{actual.inspect}" unless actual == expected
  end

  def raises(kind, pattern = //)
    yield
  rescue Exception => e # rubocop:disable Lint/RescueException
    raise e unless e.instance_of?(kind)
    raise "#{e.message.inspect} does not match #{pattern.inspect}" unless e.message.match?(pattern)

    e
  else
    raise "#{kind} expected, and nothing was raised"
  end

  # Steps the client until the block answers something, for at most a minute.
  def eventually(client)
    deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 60
    loop do
      client.step(0.05)
      value = yield
      return value if value
      raise "it does not happen" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline
    end
  end

  def pod(name, labels = {})
    { apiVersion: "v1", kind: "Pod", metadata: { name: name, labels: labels }, spec: { containers: [{ name: "a", image: "b" }] } }
  end

  def done
    exit(FAILED.empty?)
  end
end
