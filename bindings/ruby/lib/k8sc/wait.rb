# frozen_string_literal: true

module K8sc
  # Waiting for a queue, and for what can only wait a while at a time.
  # @api private
  module Wait
    SLICE = 60.0

    module_function

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end

    # When a wait of so many seconds is over; nil: never.
    def deadline(seconds)
      return nil if seconds.nil? || seconds == Float::INFINITY

      Options.milliseconds(seconds)
      now + seconds
    end

    def over?(deadline)
      !deadline.nil? && now >= deadline
    end

    # One piece of a wait for events. Under a fiber scheduler other fibers run. The scheduler is not asked to wait for the descriptor: that of
    # Async 1 takes a timeout around the whole for the end of this wait, and the timeout is lost.
    def once(queue, deadline)
      piece = deadline ? (deadline - now).clamp(0, SLICE) : SLICE
      K8sc.waiting { queue.wait((piece * 1000).ceil) }
    end

    # Calls what can only wait so many milliseconds at a time until it answers something, or the time is over.
    def slices(seconds)
      deadline = deadline(seconds)
      loop do
        piece = deadline ? (deadline - now).clamp(0, 0.1) : 0.1
        begin
          return K8sc.waiting { yield((piece * 1000).ceil) }
        rescue Timeout
          raise if over?(deadline)
        end
      end
    end
  end
end
