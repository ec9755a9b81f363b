"""Training, evaluation, statistics, parallel execution and reports; nothing here knows ERP."""
