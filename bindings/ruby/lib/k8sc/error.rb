# frozen_string_literal: true

require "json"

module K8sc
  # What failed calls raise. The classes below it are made where errors are: ApiError (what a server answered) with NotFound, AlreadyExists,
  # Conflict, Invalid, Gone, Forbidden, Unauthorized and TooManyRequests; Timeout, Cancelled, ConnectionError with ResolveError and TLSError,
  # ClosedError, ForkedError, ConfigError, CredentialsError, ParseError, DecodeError, TooLargeError, InvalidArgument, StateError, UnknownKindError.
  class Error
    # One of Core::E_...; the HTTP status, 0 where there was no answer; Kubernetes' reason, such as "NotFound", or "".
    attr_reader :code, :http_status, :reason
    # What is wrong, as Cause structs with type, field and message.
    attr_reader :causes
    # Seconds to wait, where the server has said so.
    attr_reader :retry_after
    attr_reader :status_json

    # The server's Status as a Hash; nil where it sent none.
    def status
      status_json && JSON.parse(status_json)
    end

    # Whether the same call may work a little later.
    def retriable?
      @retriable
    end

    # Whether the server certainly did not process the request, so that any verb can be sent again.
    def not_processed?
      @not_processed
    end
  end
end
