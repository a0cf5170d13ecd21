/**
 * The settings: their names, meanings and checks, and the specification of the learner that results from them. Every room above may use this
 * package. It knows only {@code learner.spec} and {@code nn}, whose algorithms describe their settings.
 */
package io.millrace.config;
