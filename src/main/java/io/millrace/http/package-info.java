/** What {@code run} and {@code watch} offer over HTTP: the server, health, and inference. */
package io.millrace.http;
