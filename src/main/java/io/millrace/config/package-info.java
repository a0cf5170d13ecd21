/**
 * What can be set, what it means and what is refused. A leaf: every package but {@code nn} and {@code learner} may read it.
 */
package io.millrace.config;
