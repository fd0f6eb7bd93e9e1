# frozen_string_literal: true

require "k8sc/wait"

module K8sc
  # A body that comes in time, as lines without their ends. It has a queue of its own, so that waiting for it disturbs nobody else's events.
  class Lines
    include Enumerable

    # @api private
    def self.open(request)
      lines = new(request)
      return lines unless block_given?

      begin
        lines.each { |line| yield line }
      ensure
        lines.cancel
      end
      nil
    end

    # @api private
    def initialize(request)
      @queue = Core.queue_new
      @ready = []
      @rest = []
      @ended = false
      @handle = request.start_stream(@queue, 1)
    end

    # Every line, until there are no more. Raises where it breaks.
    def each
      return enum_for(:each) unless block_given?

      while (line = self.next)
        yield line
      end
      self
    end

    # The next line; nil at the end. Waits, at most `timeout` seconds, after which {Timeout} is raised.
    def next(timeout: nil)
      deadline = Wait.deadline(timeout)
      loop do
        return @ready.shift unless @ready.empty?
        return broken if @ended

        _, kind, _, more = @queue.take
        if kind == Core::EVENT_DATA
          add(more)
        elsif kind
          finish(more)
        elsif Wait.over?(deadline)
          raise Timeout, "no line came in time"
        else
          Wait.once(@queue, deadline)
        end
      end
    end

    # Ends it. Any thread.
    def cancel
      @ended = true
      @handle.cancel
      @queue.wakeup
      nil
    end

    def ended?
      @ended && @ready.empty?
    end

    private

    # A character may be cut between two pieces, so lines are text only when they are whole.
    def add(data)
      first, *others = data.b.split("\n", -1)
      @rest << first
      others.each do |other|
        @ready << whole
        @rest = [other]
      end
    end

    def whole
      @rest.join.force_encoding(Encoding::UTF_8)
    end

    # A last line need not end.
    def finish(error)
      @ended = true
      @failure = error if error.is_a?(Exception)
      line = whole
      @rest = []
      @ready << line unless line.empty?
    end

    def broken
      failure = @failure
      @failure = nil
      raise failure if failure
    end
  end
end
