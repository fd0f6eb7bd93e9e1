# frozen_string_literal: true

require "k8sc/options"
require "k8sc/wait"

module K8sc
  # Events of a resource as they come. It has a queue of its own, so that waiting for it disturbs nobody else's events.
  class Watch
    include Enumerable

    # type is :added, :modified, :deleted, :bookmark or :error; of an :error there is an exception instead of an object.
    Event = Struct.new(:type, :object, :error)
    TYPES = { Core::EVENT_ADDED => :added, Core::EVENT_MODIFIED => :modified, Core::EVENT_DELETED => :deleted, Core::EVENT_BOOKMARK => :bookmark,
              Core::EVENT_ERROR => :error }.freeze

    # @api private
    def self.open(resource, verb, options)
      watch = new(resource, verb, options)
      return watch unless block_given?

      begin
        watch.each { |event| yield event }
      ensure
        watch.cancel
      end
    end

    # @api private
    def initialize(resource, verb, options)
      @queue = Core.queue_new
      made = Options.call(options, verb.to_s)
      made.set_queue(@queue)
      @handle = resource.public_send(verb, made, 1)
      @ended = false
    end

    # Every event, until the watch ends. What breaks it is an event of type :error, the last one.
    def each
      return enum_for(:each) unless block_given?

      while (event = self.next)
        yield event
      end
      self
    end

    # The next event; nil at the end. Waits, at most `timeout` seconds, after which {Timeout} is raised.
    def next(timeout: nil)
      deadline = Wait.deadline(timeout)
      until @ended
        _, kind, object, more = @queue.take
        if kind.nil?
          raise Timeout, "no event came in time" if Wait.over?(deadline)

          Wait.once(@queue, deadline)
        elsif kind == Core::EVENT_CLOSED
          event = closed(more)
          return event if event
        else
          @told = kind == Core::EVENT_ERROR
          return Event.new(TYPES[kind], object, @told ? more : nil)
        end
      end
      nil
    end

    # Ends it. Any thread.
    def cancel
      @ended = true
      @handle.cancel
      @queue.wakeup
      nil
    end

    def ended?
      @ended
    end

    private

    # The failure that ended it has mostly been told already, by an event.
    def closed(error)
      @ended = true
      error.is_a?(Exception) && !@told ? Event.new(:error, nil, error) : nil
    end
  end
end
