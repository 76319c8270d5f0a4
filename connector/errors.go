package connector

import (
	"net/http"
	"strings"
	"time"

	"inferenceconnector/schema"
)

// A Code names one kind of failure. Codes are stable: workflows branch on them.
type Code string

// The codes of contract/reliability.md section 9.
const (
	InvalidJSON            Code = "InvalidJson"
	InvalidRequest         Code = "InvalidRequest"
	ExtraParameters        Code = "ExtraParameters"
	UnsupportedAPIVersion  Code = "UnsupportedApiVersion"
	NoModelName            Code = "no_model_name"
	Unauthenticated        Code = "Unauthenticated"
	NotFound               Code = "NotFound"
	UnknownModel           Code = "unknown_model"
	ModelInfoUnavailable   Code = "ModelInfoUnavailable"
	MethodNotAllowed       Code = "MethodNotAllowed"
	RequestTimeout         Code = "RequestTimeout"
	BodyTooLarge           Code = "BodyTooLarge"
	URITooLong             Code = "UriTooLong"
	UnsupportedMediaType   Code = "UnsupportedMediaType"
	ValidationFailed       Code = "ValidationFailed"
	ParameterNotSupported  Code = "parameter_not_supported"
	UpstreamRedirect       Code = "UpstreamRedirect"
	UpstreamAuthFailed     Code = "UpstreamAuthFailed"
	UpstreamBlocked        Code = "UpstreamBlocked"
	RateLimitExceeded      Code = "RateLimitExceeded"
	UpstreamThrottled      Code = "UpstreamThrottled"
	HeadersTooLarge        Code = "HeadersTooLarge"
	CallerGone             Code = "CallerGone"
	InternalError          Code = "InternalError"
	UpstreamUnreachable    Code = "UpstreamUnreachable"
	UpstreamInvalid        Code = "UpstreamInvalid"
	ResponseTooLarge       Code = "ResponseTooLarge"
	UpstreamReset          Code = "UpstreamReset"
	UpstreamStreamBroken   Code = "UpstreamStreamBroken"
	Overloaded             Code = "Overloaded"
	ShuttingDown           Code = "ShuttingDown"
	RateLimiterUnavailable Code = "RateLimiterUnavailable"
	AuthUnavailable        Code = "AuthUnavailable"
	CredentialUnavailable  Code = "CredentialUnavailable"
	UpstreamUnavailable    Code = "UpstreamUnavailable"
	UpstreamTimeout        Code = "UpstreamTimeout"
	UpstreamError          Code = "UpstreamError"
	ContentFilter          Code = "content_filter"
	DeliveryFailed         Code = "DeliveryFailed"
)

// Failures is the one table of codes: their status and, for the README, when they happen.
var Failures = []struct {
	Code   Code
	Status int
	When   string
}{
	{InvalidJSON, http.StatusBadRequest, "the body is not strict JSON"},
	{InvalidRequest, http.StatusBadRequest, "a header, the query or the framing is wrong, or `api-version` is missing"},
	{ExtraParameters, http.StatusBadRequest, "the body has fields the interface does not define, and `extra-parameters` does not allow them"},
	{UnsupportedAPIVersion, http.StatusBadRequest, "`api-version` is not of the form `2024-05-01-preview`"},
	{NoModelName, http.StatusBadRequest, "the connection has several deployments and the call names none"},
	{ContentFilter, http.StatusBadRequest, "the endpoint's content filter refused the prompt, or kept the model from the JSON that `GetChatReply` asked for"},
	{Unauthenticated, http.StatusUnauthorized, "no caller key or token, or a wrong, expired or ambiguous one"},
	{NotFound, http.StatusNotFound, "no such route, or no such connection for this caller"},
	{UnknownModel, http.StatusNotFound, "the connection lists its deployments and this is none of them"},
	{ModelInfoUnavailable, http.StatusNotFound, "endpoints of this family cannot describe their model"},
	{MethodNotAllowed, http.StatusMethodNotAllowed, "the route takes another method"},
	{RequestTimeout, http.StatusRequestTimeout, "the body did not arrive in time"},
	{BodyTooLarge, http.StatusRequestEntityTooLarge, "the body is over the limit"},
	{URITooLong, http.StatusRequestURITooLong, "path and query are over 4 KiB"},
	{UnsupportedMediaType, http.StatusUnsupportedMediaType, "the body is not plain `application/json` in UTF-8"},
	{ValidationFailed, http.StatusUnprocessableEntity, "a value has the wrong type, is out of range, or is missing; `max_tokens` cut off the JSON of `GetChatReply`"},
	{ParameterNotSupported, http.StatusUnprocessableEntity, "the deployment does not support the parameter"},
	{UpstreamRedirect, http.StatusFailedDependency, "the endpoint answered with a redirect; it is not followed"},
	{UpstreamAuthFailed, http.StatusFailedDependency, "the endpoint refused the connection's credential"},
	{UpstreamBlocked, http.StatusFailedDependency, "the endpoint's address may not be connected to"},
	{RateLimitExceeded, http.StatusTooManyRequests, "the connection's calls are used up; `Retry-After` says for how long"},
	{UpstreamThrottled, http.StatusTooManyRequests, "the endpoint's own limit"},
	{HeadersTooLarge, http.StatusRequestHeaderFieldsTooLarge, "the headers are over 16 KiB"},
	{CallerGone, 499, "the caller left (in the log only)"},
	{InternalError, http.StatusInternalServerError, "a fault of ours"},
	{UpstreamUnreachable, http.StatusBadGateway, "no connection to the endpoint: DNS, dial or TLS"},
	{UpstreamInvalid, http.StatusBadGateway, "the endpoint's answer breaks the protocol, or is not the JSON that `GetChatReply` asked for"},
	{ResponseTooLarge, http.StatusBadGateway, "the endpoint's answer is over the limit; `max_tokens` bounds it"},
	{UpstreamReset, http.StatusBadGateway, "the endpoint closed the connection before it answered"},
	{UpstreamStreamBroken, http.StatusBadGateway, "the endpoint's stream ended early (inside the stream)"},
	{Overloaded, http.StatusServiceUnavailable, "too many calls at once"},
	{ShuttingDown, http.StatusServiceUnavailable, "this instance is going down"},
	{RateLimiterUnavailable, http.StatusServiceUnavailable, "the window cannot be asked"},
	{CredentialUnavailable, http.StatusServiceUnavailable, "the connection's identity got no token for the endpoint"},
	{AuthUnavailable, http.StatusServiceUnavailable, "the tenant's keys cannot be had, so tokens of callers cannot be checked"},
	{UpstreamUnavailable, http.StatusServiceUnavailable, "the endpoint is unavailable"},
	{UpstreamTimeout, http.StatusGatewayTimeout, "the endpoint did not answer in time"},
	{DeliveryFailed, http.StatusBadGateway, "`deliverTo` did not take the output of a schedule or a queue message (there is no caller: in the log, and as the event's failure)"},
	{UpstreamError, http.StatusBadGateway, "another error of the endpoint, with its own status"},
}

// Status returns the HTTP status of a code.
func (c Code) Status() int {
	for _, f := range Failures {
		if f.Code == c {
			return f.Status
		}
	}
	return http.StatusInternalServerError
}

// An Error is why there is no answer of the endpoint. Everything but Err may be shown to the caller.
type Error struct {
	Code       Code
	Message    string        // one sentence for the author of a workflow: what is wrong, what to do
	Target     string        // the field, as a name or JSON pointer
	Details    []Detail      // more of the same
	RetryAfter time.Duration // when a repeat can help, 0 when unknown or never
	Repeat     Repeat        // whether we may try again ourselves
	Violations []schema.Violation
	Err        error // the cause, for the log
}

// A Detail is one entry of an error's details.
type Detail struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
	Target  string `json:"target,omitempty"`
}

// Error implements error. It includes the cause and is for logs.
func (e *Error) Error() string {
	text := string(e.Code) + ": " + e.Message
	if e.Err != nil {
		text = strings.TrimSuffix(text, ".") + ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Status returns the HTTP status of the error.
func (e *Error) Status() int { return e.Code.Status() }
