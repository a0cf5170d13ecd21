/** Topics with records of a user's own: writes records that are given as JSON, and finds out what the fields of a topic's records are. */
package io.millrace.cli.topic;
