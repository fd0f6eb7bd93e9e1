# frozen_string_literal: true

# The whole of the test runner: each test is a block, a failure is an exception, the output says which.
require "k8sc/testing"

module Check
  FAILED = []
  # Seconds that a test may take; under a sanitizer, on a machine that is busy, it takes some.
  LIMIT = 180

  # What was told is there also where the process is killed. Where SIGINT was ignored when Ruby
  # began, as it is for what a shell runs in the background, Ruby leaves it so.
  $stdout.sync = true
  trap("INT", "DEFAULT")

  module_function

  def test(name, limit: LIMIT)
    watchdog = watch(name, limit)
    yield
    puts "ok - #{name}"
  rescue Exception => e # rubocop:disable Lint/RescueException
    raise if e.is_a?(SystemExit)

    FAILED << name
    puts "not ok - #{name}", e.full_message(highlight: false).gsub(/^/, "# ")
  ensure
    watchdog&.kill
  end

  # Ends the process where a test does not, and says where each thread is.
  def watch(name, limit)
    Thread.new do
      sleep limit
      puts "not ok - #{name}", "# it has not ended after #{limit} s"
      Thread.list.each do |thread|
        puts "# #{thread.inspect}", (thread.backtrace || []).map { |line| "#   #{line}" }
      end
      exit!(1)
    end
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

  # How a child process ends, which is killed where it does not.
  def end_of(pid, within: 60)
    deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + within
    until (ended = Process.wait2(pid, Process::WNOHANG))
      sleep 0.005
      next if Process.clock_gettime(Process::CLOCK_MONOTONIC) < deadline

      Process.kill("KILL", pid)
      Process.wait(pid)
      raise "a child process has not ended after #{within} s"
    end
    ended[1]
  end

  def pod(name, labels = {})
    { apiVersion: "v1", kind: "Pod", metadata: { name: name, labels: labels }, spec: { containers: [{ name: "a", image: "b" }] } }
  end

  def done
    exit(FAILED.empty?)
  end
end
